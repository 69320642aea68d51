// SPDX-License-Identifier: MIT
//
// process.h - child processes that cannot be left behind.
//
// A child of process_fork() is killed by the kernel when the thread that forked it
// ends, however that happens (PR_SET_PDEATHSIG), so that SIGKILL of a runner takes
// its workers and its back end along.
#ifndef QUARTET_LIB_PROCESS_H
#define QUARTET_LIB_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Undoes what a parent may have handed down and a program does not expect: an ignored
// SIGCHLD lets the kernel throw away how children ended and what CPU time they took, and
// a blocked SIGALRM holds a timeout up for ever. First thing in a main().
void process_reset_signals(void);

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

#endif
