// SPDX-License-Identifier: MIT
//
// forbid.c - a program in a container that is strict: forbid CALL[:ERROR][,CALL...] PROGRAM
// ARGUMENTS... runs it, and the kernel answers each of these system calls with that error
// (EPERM) from then on. Unlike a library that is preloaded, it also meets static programs.
//
// Exit code 77: this kernel has no filters (seccomp), or not these calls.
#define _GNU_SOURCE // SYS_clone3 and others
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CANNOT 77

struct word {
    const char *name;
    unsigned number;
};

static const struct word calls[] = {
    {"clone", SYS_clone},
    {"clone3", SYS_clone3},
    {"epoll_create1", SYS_epoll_create1},
#ifdef SYS_epoll_create
    {"epoll_create", SYS_epoll_create},
#endif
#ifdef SYS_getrlimit
    {"getrlimit", SYS_getrlimit},
#endif
    {"prlimit64", SYS_prlimit64},
    {"sched_setaffinity", SYS_sched_setaffinity},
    {"socket", SYS_socket},
    {"connect", SYS_connect},
    {NULL, 0},
};

static const struct word errors[] = {{"EPERM", EPERM},
                                     {"ENOSYS", ENOSYS},
                                     {"EACCES", EACCES},
                                     {"EAGAIN", EAGAIN},
                                     {NULL, 0}};

static unsigned find(const struct word *words, const char *name)
{
    while (words->name != NULL && strcmp(words->name, name) != 0)
        words++;
    if (words->name == NULL) {
        fprintf(stderr, "forbid: no '%s' here\n", name);
        exit(CANNOT);
    }
    return words->number;
}

static void forbid(const char *call, unsigned error)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, find(calls, call), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        exit(CANNOT);
}

int main(int argc, char **argv)
{
    char *rest = NULL;
    if (argc < 3)
        return 2;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return CANNOT;
    for (char *word = strtok_r(argv[1], ",", &rest); word != NULL;
         word = strtok_r(NULL, ",", &rest)) {
        char *colon = strchr(word, ':');
        if (colon != NULL)
            *colon = '\0';
        forbid(word, colon == NULL ? EPERM : find(errors, colon + 1));
    }
    execvp(argv[2], argv + 2);
    fprintf(stderr, "forbid: %s: %s\n", argv[2], strerror(errno));
    return 127;
}
