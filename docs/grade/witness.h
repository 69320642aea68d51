// SPDX-License-Identifier: MIT
//
// witness.h - the witness of `quartet grade`, for programs in C: see docs/grade.md. Functions
// end the program when something fails.
#ifndef WITNESS_H
#define WITNESS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char witness_task[4096]; // the line on standard input

static inline void witness_check(int good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(1);
}

// First thing in main().
static inline void witness_begin(void)
{
    witness_check(fgets(witness_task, sizeof witness_task, stdin) != NULL, "the task");
}

// The number of this name in the task: witness_number("limit").
static inline int witness_number(const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\": ", name);
    const char *at = strstr(witness_task, key);
    witness_check(at != NULL, name);
    return atoi(at + strlen(key));
}

static inline int witness_connect(void)
{
    const char *port = strstr(witness_task, "127.0.0.1:");
    witness_check(port != NULL, "the witness's port");
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)atoi(port + 10))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    witness_check(fd >= 0 &&
                      connect(fd, (struct sockaddr *)&address, sizeof address) == 0,
                  "connect");
    return fd;
}

// Waits for a line; its end is not part of it. 0 when there is none any more.
static inline int witness_hear(int fd, char line[200])
{
    for (size_t length = 0; length < 199; length++) {
        if (read(fd, &line[length], 1) != 1)
            return 0;
        if (line[length] == '\n') {
            line[length] = '\0';
            return 1;
        }
    }
    return 0;
}

// Says a line, "GET 3\n", and waits for the answer.
static inline void witness_ask(int fd, char line[200], const char *said)
{
    size_t length = strlen(said);
    witness_check(write(fd, said, length) == (ssize_t)length, "write");
    witness_check(witness_hear(fd, line), said);
}

#endif
