// SPDX-License-Identifier: MIT
//
// CPU lists and affinity: see cpus.h.
#define _GNU_SOURCE // sched_setaffinity and CPU_SET are Linux, not POSIX
#include "lib/cpus.h"
#include "lib/limits.h"

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reads one number below CPU_SETSIZE and advances *text behind it.
static int parse_number(const char **text, int *number)
{
    if (!isdigit((unsigned char)**text))
        return -EINVAL;
    char *end;
    long value = strtol(*text, &end, 10);
    if (value >= CPU_SETSIZE)
        return -EINVAL;
    *number = (int)value;
    *text = end;
    return 0;
}

static int parse_list(const char *list, cpu_set_t *set)
{
    CPU_ZERO(set);
    for (const char *text = list;; text++) {
        int first;
        if (parse_number(&text, &first) != 0)
            return -EINVAL;
        int last = first;
        if (*text == '-') {
            text++;
            if (parse_number(&text, &last) != 0 || last < first)
                return -EINVAL;
        }
        for (int cpu = first; cpu <= last; cpu++)
            CPU_SET((size_t)cpu, set);
        if (*text == '\0')
            return 0;
        if (*text != ',')
            return -EINVAL;
    }
}

static void allowed_set(cpu_set_t *set)
{
    CPU_ZERO(set);
    if (sched_getaffinity(0, sizeof *set, set) != 0)
        CPU_SET(0, set);
}

static int check_list(const char *list, cpu_set_t *wanted, struct reason *reason)
{
    cpu_set_t allowed;
    char allowed_text[256];
    allowed_set(&allowed);
    cpus_allowed(allowed_text, sizeof allowed_text);
    if (parse_list(list, wanted) != 0) {
        return reason_set(
            reason, -EINVAL,
            "'%s' is not a list of CPUs such as 0 or 0,2-3; this process may "
            "use %s",
            list, allowed_text);
    }
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, wanted) && !CPU_ISSET(cpu, &allowed)) {
            return reason_set(reason, -EINVAL,
                              "'%s': CPU %zu is not available; this process may use %s",
                              list, cpu, allowed_text);
        }
    }
    return 0;
}

bool cpus_members(const char *list, void *set, size_t size)
{
    cpu_set_t members;
    if (size < sizeof members || parse_list(list, &members) != 0)
        return false;
    memcpy(set, &members, sizeof members);
    return true;
}

unsigned cpus_listed(const char *list)
{
    cpu_set_t members;
    return parse_list(list, &members) != 0 ? 0 : (unsigned)CPU_COUNT(&members);
}

int cpus_check(const char *list, struct reason *reason)
{
    cpu_set_t wanted;
    return check_list(list, &wanted, reason);
}

int cpus_pin(const char *list, struct reason *reason)
{
    cpu_set_t wanted;
    int error = check_list(list, &wanted, reason);
    if (error != 0)
        return error;
    if (sched_setaffinity(0, sizeof wanted, &wanted) != 0) {
        return limits_refuse(-errno, reason, "cannot pin to CPUs '%s'", list);
    }
    return 0;
}

int cpus_keep(unsigned index)
{
    cpu_set_t allowed;
    cpu_set_t one;
    allowed_set(&allowed);
    unsigned left = index % (unsigned)CPU_COUNT(&allowed);
    size_t cpu = 0;
    while (!CPU_ISSET(cpu, &allowed) || left-- > 0)
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0 ? 0 : -errno;
}

// The kernel takes the intersection with the cpuset.
void cpus_unpin(void)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    (void)sched_setaffinity(0, sizeof all, &all);
}

unsigned cpus_count(void)
{
    cpu_set_t set;
    allowed_set(&set);
    return (unsigned)CPU_COUNT(&set);
}

// Writes a set in list notation, cut to `size`.
static void format_set(const cpu_set_t *set, char *list, size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t first = 0; first < CPU_SETSIZE; first++) {
        if (!CPU_ISSET(first, set))
            continue;
        size_t last = first;
        while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
            last++;
        char part[48];
        if (last > first)
            snprintf(part, sizeof part, "%s%zu-%zu", used > 0 ? "," : "", first, last);
        else
            snprintf(part, sizeof part, "%s%zu", used > 0 ? "," : "", first);
        if (used + strlen(part) + 1 > size)
            return;
        memcpy(list + used, part, strlen(part) + 1);
        used += strlen(part);
        first = last;
    }
}

void cpus_allowed(char *list, size_t size)
{
    cpu_set_t set;
    allowed_set(&set);
    format_set(&set, list, size);
}

bool cpus_split(char *rest, char *last, size_t size)
{
    cpu_set_t set;
    allowed_set(&set);
    if (CPU_COUNT(&set) < 2)
        return false;
    size_t cpu = CPU_SETSIZE - 1;
    while (!CPU_ISSET(cpu, &set))
        cpu--;
    CPU_CLR(cpu, &set);
    format_set(&set, rest, size);
    snprintf(last, size, "%zu", cpu);
    return true;
}

void cpus_outside(const char *list, char *text, size_t size)
{
    cpu_set_t taken;
    cpu_set_t allowed;
    CPU_ZERO(&taken);
    if (list != NULL && parse_list(list, &taken) != 0)
        CPU_ZERO(&taken);
    allowed_set(&allowed);
    text[0] = '\0';
    for (size_t cpu = CPU_SETSIZE; cpu-- > 0;) {
        if (CPU_ISSET(cpu, &allowed) && !CPU_ISSET(cpu, &taken)) {
            snprintf(text, size, "%zu", cpu);
            return;
        }
    }
}
