// SPDX-License-Identifier: MIT
//
// Child processes: see process.h.
#define _GNU_SOURCE // SIGXFSZ is of XSI, not of POSIX alone
#include "lib/process.h"

#include "lib/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KERNEL_STACK_BYTES (UINT64_C(16) << 10) // THREAD_SIZE on x86-64 and arm64
#define PID_LIMIT          (1 << 22) // the kernel's own upper bound, PID_MAX_LIMIT

void process_reset_signals(void)
{
    sigset_t needed;
    sigemptyset(&needed);
    sigaddset(&needed, SIGCHLD);
    sigaddset(&needed, SIGALRM);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write()
    sigprocmask(SIG_UNBLOCK, &needed, NULL);
}

void process_hold_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        // The lowest number that is free is this one. Nothing can be read from 0, and
        // nothing written to 1 and 2: that must not pass for having been done.
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (open("/dev/null", mode) != fd)
            return;
    }
}

void process_begin(void)
{
    process_hold_descriptors();
    process_reset_signals();
}

// Hot, so that the linker puts it beside its callers at the front of the program. The
// kernel does not copy a table of file pages at a fork: a child faults in the 64 KiB of
// code around each place that it comes to, and lib/ is far behind what calls it.
__attribute__((hot)) pid_t process_fork(void)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) // the parent died before the line above
            _exit(1);
    }
    return pid;
}

// Both sides set the group: whoever comes first wins, and neither has to wait.
pid_t process_fork_apart(void)
{
    pid_t pid = process_fork();
    if (pid == 0)
        setpgid(0, 0);
    else if (pid > 0)
        setpgid(pid, pid);
    return pid;
}

pid_t process_wait(pid_t pid, int *status, int options)
{
    pid_t ended;
    do {
        ended = waitpid(pid, status, options);
    } while (ended < 0 && errno == EINTR);
    return ended < 0 ? -errno : ended;
}

// Polls every millisecond: this is for ends of runs, where nothing is timed any more.
pid_t process_wait_or_kill(pid_t pid, int *status, uint64_t timeout_ns)
{
    static const struct timespec millisecond = {.tv_nsec = 1000000};
    uint64_t deadline_ns = clock_now_ns() + timeout_ns;
    while (clock_now_ns() < deadline_ns) {
        pid_t ended = process_wait(pid, status, WNOHANG);
        if (ended != 0)
            return ended;
        nanosleep(&millisecond, NULL);
    }
    kill(pid, SIGKILL);
    return process_wait(pid, status, 0);
}

void process_describe_status(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        snprintf(text, size, "was killed by signal %d (%s)", number, strsignal(number));
    } else {
        snprintf(text, size, "exited with code %d", WEXITSTATUS(status));
    }
}

struct process_entry {
    pid_t pid;
    pid_t parent;
    bool inside; // of the tree that is observed
};

// ---- the process tree ------------------------------------------------------------------

static bool read_parent(pid_t pid, pid_t *parent)
{
    char path[64];
    char line[512];
    snprintf(path, sizeof path, "/proc/%jd/stat", (intmax_t)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false; // it has ended meanwhile
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    // "pid (name) state ppid ...": the name may hold anything, so look from its end.
    char *name_end = read ? strrchr(line, ')') : NULL;
    intmax_t value;
    if (name_end == NULL || sscanf(name_end, ") %*c %jd", &value) != 1)
        return false;
    *parent = (pid_t)value;
    return true;
}

static void tree_add(struct process_tree *tree, pid_t pid, pid_t parent)
{
    if (tree->count == tree->room) {
        size_t room = tree->room == 0 ? 1024 : 2 * tree->room;
        struct process_entry *entries = realloc(tree->entries, room * sizeof *entries);
        if (entries == NULL)
            return;
        tree->entries = entries;
        tree->room = room;
    }
    tree->entries[tree->count++] = (struct process_entry){.pid = pid, .parent = parent};
}

static void tree_read(struct process_tree *tree)
{
    tree->count = 0;
    DIR *folder = opendir("/proc");
    if (folder == NULL)
        return;
    struct dirent *item;
    while ((item = readdir(folder)) != NULL) {
        char *end;
        long pid = strtol(item->d_name, &end, 10);
        pid_t parent;
        if (*end == '\0' && pid > 0 && pid < PID_LIMIT &&
            read_parent((pid_t)pid, &parent))
            tree_add(tree, (pid_t)pid, parent);
    }
    closedir(folder);
}

static bool tree_contains(const struct process_tree *tree, pid_t pid)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->entries[i].pid == pid)
            return tree->entries[i].inside;
    }
    return false;
}

// Marks `root` and its descendants but not `left_out`, one generation or more in each
// pass. Nearly all processes of a tree are children of the root itself and are marked
// without a search.
static void tree_mark(struct process_tree *tree, pid_t root, pid_t left_out)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < tree->count; i++) {
            struct process_entry *entry = &tree->entries[i];
            if (entry->inside || entry->pid == left_out)
                continue;
            entry->inside = entry->pid == root || entry->parent == root ||
                            (entry->parent > 1 && tree_contains(tree, entry->parent));
            changed = changed || entry->inside;
        }
    }
}

int process_find(const char *program, char *path, size_t size)
{
    const char *folders = getenv("PATH");
    if (folders == NULL)
        folders = "/bin:/usr/bin";
    while (*folders != '\0') {
        struct stat status;
        size_t length = strcspn(folders, ":");
        int used = snprintf(path, size, "%.*s/%s", (int)length, folders, program);
        if (length > 0 && used > 0 && (size_t)used < size && stat(path, &status) == 0 &&
            S_ISREG(status.st_mode) && access(path, X_OK) == 0)
            return 0;
        folders += length + (folders[length] == ':');
    }
    return -ENOENT;
}

// ---- one sample ------------------------------------------------------------------------

uint64_t process_field(pid_t pid, const char *file, const char *key)
{
    char path[64];
    char line[256];
    uint64_t value = 0;
    snprintf(path, sizeof path, "/proc/%jd/%s", (intmax_t)pid, file);
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return 0;
    while (fgets(line, sizeof line, stream) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            if (sscanf(line + strlen(key), "%" SCNu64, &value) != 1)
                value = 0;
            break;
        }
    }
    fclose(stream);
    return value;
}

static uint64_t process_bytes(pid_t pid)
{
    return process_field(pid, "smaps_rollup", "Pss:") * 1024 +
           process_field(pid, "status", "VmPTE:") * 1024 +
           process_field(pid, "status", "Threads:") * KERNEL_STACK_BYTES;
}

bool process_tree_known(void)
{
    return access("/proc/self/smaps_rollup", R_OK) == 0;
}

uint64_t process_tree_bytes(struct process_tree *tree, pid_t root, pid_t left_out)
{
    uint64_t bytes = 0;
    tree_read(tree);
    tree_mark(tree, root, left_out);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->entries[i].inside)
            bytes += process_bytes(tree->entries[i].pid);
    return bytes;
}
