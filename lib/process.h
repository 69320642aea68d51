// SPDX-License-Identifier: MIT
//
// process.h - child processes that cannot be left behind.
//
// A child of process_fork() is killed by the kernel when the thread that forked it
// ends, however that happens (PR_SET_PDEATHSIG), so that SIGKILL of a runner takes
// its workers and its back end along.
#ifndef QUARTET_LIB_PROCESS_H
#define QUARTET_LIB_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Undoes what a parent may have handed down and a program does not expect: an ignored
// SIGCHLD lets the kernel throw away how children ended and what CPU time they took, and
// a blocked SIGALRM holds a timeout up for ever. SIGXFSZ is ignored: a file that may not grow
// any more is an error, which has a message, and no death.
void process_reset_signals(void);

// Opens /dev/null where descriptors 0 to 2 are closed, so that no file, socket or pipe that is
// opened later is taken for one of them. What is written to them fails as it did before.
void process_hold_descriptors(void);

// Both. First thing in a main().
void process_begin(void);

// fork(), tied to the parent's life. Returns 0 in the child, its pid in the parent,
// or -errno.
pid_t process_fork(void);

// process_fork() into a process group of its own, for helpers (back ends, observers)
// that are not workers: a parent that waits for its own group, waitpid(0), does not
// meet them.
pid_t process_fork_apart(void);

// waitpid() that goes on after EINTR. Returns the pid, 0 with WNOHANG when none has
// ended, or -errno.
pid_t process_wait(pid_t pid, int *status, int options);

// Waits at most `timeout_ns` for one child to end, then kills it with SIGKILL.
// Returns its pid, or -errno; *status as from waitpid().
pid_t process_wait_or_kill(pid_t pid, int *status, uint64_t timeout_ns);

// "was killed by signal 9 (Killed)", "exited with code 3", for messages.
void process_describe_status(int status, char *text, size_t size);

// The number behind `key` in a file below /proc/PID: (1, "status", "Threads:"); 0: there is none.
uint64_t process_field(pid_t pid, const char *file, const char *key);

// Finds a program as a shell does: in the folders of PATH, or in /bin and /usr/bin without
// one. 0 with its path; -ENOENT.
int process_find(const char *program, char *path, size_t size);

// ---- the memory of a tree --------------------------------------------------------------

// One method for all whose memory is compared: for a process and its descendants the
// proportional set size (PSS), the page tables, and the kernel stacks of all threads. Looking
// is not free: a sum over 10,000 processes takes about a second.
#define PROCESS_TREE_METHOD                                                              \
    "PSS + page tables + 16 KiB kernel stack per thread, summed over the process tree, " \
    "largest sample"

// The processes of this machine as last seen. {0} is empty; free() its entries at the end.
struct process_tree {
    struct process_entry *entries;
    size_t count;
    size_t room;
};

// Does the kernel tell the PSS of a process? (Linux before 4.14 and some sandboxes do not.)
bool process_tree_known(void);

// The bytes of `root` and its descendants now, without `left_out` (0: nobody) and its own.
uint64_t process_tree_bytes(struct process_tree *tree, pid_t root, pid_t left_out);

#endif
