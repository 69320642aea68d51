// SPDX-License-Identifier: MIT
//
// CPU, caches, virtualisation and memory of this machine: see environment.h.
#include "driver/measure/environment.h"

#include "driver/system/tool.h"
#include "lib/clock.h"
#include "lib/cpus.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CPU0              "/sys/devices/system/cpu/cpu0"
#define VULNERABILITIES   "/sys/devices/system/cpu/vulnerabilities"
#define CACHES_MAXIMUM    16
#define DETECT_TIMEOUT_NS (5 * NS_PER_SECOND)

json_t *environment_file_text(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return json_null();
    bool found = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    if (!found)
        return json_null();
    line[strcspn(line, "\n")] = '\0';
    json_t *text = json_string(line); // NULL when it is not UTF-8
    return text == NULL ? json_null() : text;
}

// The value behind "key : " in /proc/cpuinfo, of the first CPU. False: there is none.
static bool cpuinfo_value(const char *key, char *value, size_t size)
{
    char line[4096];
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL)
        return false;
    bool found = false;
    size_t length = strlen(key);
    while (!found && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        found = strncmp(line, key, length) == 0 && colon != NULL &&
                strspn(line + length, " \t") == (size_t)(colon - line) - length;
        if (found)
            snprintf(value, size, "%.*s", (int)strcspn(colon + 1, "\n") - 1, colon + 2);
    }
    fclose(file);
    return found;
}

static json_t *cpu_model(void)
{
    char model[256];
    return cpuinfo_value("model name", model, sizeof model) ? json_string(model)
                                                            : json_null();
}

// The answer of systemd-detect-virt to `--vm` or `--container`: "kvm", "docker", "none".
// False where there is no such program.
static bool detect(const char *what, char *text, size_t size)
{
    const char *const argv[] = {"systemd-detect-virt", what, NULL};
    int end = tool_capture(argv, DETECT_TIMEOUT_NS, text, size, NULL);
    if (end < 0)
        return false;
    text[strcspn(text, "\n")] = '\0';
    return text[0] != '\0';
}

// "hypervisor" where only the CPU's flag tells of one.
static json_t *virtualisation(void)
{
    char text[4096] = "";
    if (detect("--vm", text, sizeof text))
        return json_string(text);
    if (!cpuinfo_value("flags", text, sizeof text))
        return json_null(); // another architecture, where this flag does not exist
    return json_string(strstr(text, " hypervisor") != NULL ? "hypervisor" : "none");
}

static json_t *container(void)
{
    char text[128] = "";
    return detect("--container", text, sizeof text) ? json_string(text) : json_null();
}

// ["L1 Data 32K", ...] of the first CPU.
static json_t *caches(void)
{
    json_t *list = json_array();
    for (int i = 0; i < CACHES_MAXIMUM; i++) {
        static const char *const parts[] = {"level", "type", "size"};
        const char *texts[3];
        json_t *values[3];
        bool complete = true;
        for (int part = 0; part < 3; part++) {
            char path[128];
            snprintf(path, sizeof path, CPU0 "/cache/index%d/%s", i, parts[part]);
            values[part] = environment_file_text(path);
            texts[part] = json_string_value(values[part]);
            complete = complete && texts[part] != NULL;
        }
        if (complete)
            json_array_append_new(list, json_sprintf("L%s %s %s", texts[0], texts[1],
                                                     texts[2]));
        for (int part = 0; part < 3; part++)
            json_decref(values[part]);
    }
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return json_null();
}

static json_t *mitigations(void)
{
    DIR *folder = opendir(VULNERABILITIES);
    if (folder == NULL)
        return json_null();
    json_t *all = json_object();
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char path[512];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, VULNERABILITIES "/%s", entry->d_name);
        json_object_set_new(all, entry->d_name, environment_file_text(path));
    }
    closedir(folder);
    return all;
}

// Whether the CPU may run faster than its nominal frequency for a while.
static json_t *turbo(void)
{
    json_t *off = environment_file_text("/sys/devices/system/cpu/intel_pstate/no_turbo");
    if (json_is_string(off)) {
        bool on = strcmp(json_string_value(off), "0") == 0;
        json_decref(off);
        return json_boolean(on);
    }
    json_t *boost = environment_file_text("/sys/devices/system/cpu/cpufreq/boost");
    if (!json_is_string(boost))
        return json_null();
    bool on = strcmp(json_string_value(boost), "1") == 0;
    json_decref(boost);
    return json_boolean(on);
}

// Bytes from a line "MemTotal:  24684092 kB" of /proc/meminfo, or null.
static json_t *meminfo_bytes(const char *key)
{
    char line[256];
    FILE *file = fopen("/proc/meminfo", "re");
    if (file == NULL)
        return json_null();
    json_t *bytes = NULL;
    size_t length = strlen(key);
    while (bytes == NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            bytes = json_integer(strtoll(line + length + 1, NULL, 10) * 1024);
    fclose(file);
    return bytes == NULL ? json_null() : bytes;
}

void environment_add_hardware(json_t *environment)
{
    char allowed[1024];
    cpus_allowed(allowed, sizeof allowed);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    json_object_set_new(environment, "cpu_model", cpu_model());
    json_object_set_new(environment, "cpus_online",
                        online > 0 ? json_integer(online) : json_null());
    json_object_set_new(environment, "cpus_allowed", json_string(allowed));
    json_object_set_new(environment, "smt",
                        environment_file_text("/sys/devices/system/cpu/smt/control"));
    json_object_set_new(environment, "caches", caches());
    json_object_set_new(environment, "governor",
                        environment_file_text(CPU0 "/cpufreq/scaling_governor"));
    json_object_set_new(environment, "turbo", turbo());
    json_object_set_new(
        environment, "clocksource",
        environment_file_text(
            "/sys/devices/system/clocksource/clocksource0/current_clocksource"));
    json_object_set_new(environment, "virtualisation", virtualisation());
    json_object_set_new(environment, "container", container());
    json_object_set_new(environment, "mitigations", mitigations());
    json_object_set_new(environment, "memory_bytes", meminfo_bytes("MemTotal"));
    json_object_set_new(environment, "memory_available_bytes",
                        meminfo_bytes("MemAvailable"));
    json_object_set_new(environment, "swap_bytes", meminfo_bytes("SwapTotal"));
}
