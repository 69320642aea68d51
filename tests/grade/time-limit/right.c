// SPDX-License-Identifier: MIT
//
// A thread for each transaction; all look at the same clock while they wait for an answer.
#include "docs/grade/witness.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static const char *fates[100];
static long end_ms;

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Says a line and waits for the answer until the end. False: there was none.
static bool ask(int fd, char line[200], const char *verb, int number)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char said[40];
    snprintf(said, sizeof said, "%s %d\n", verb, number);
    witness_check(write(fd, said, strlen(said)) > 0, "write");
    long left_ms = end_ms - now_ms();
    return left_ms > 0 && poll(&wait, 1, (int)left_ms) > 0 && witness_hear(fd, line);
}

static void *transact(void *argument)
{
    const char **fate = argument;
    int number = (int)(fate - fates), fd = witness_connect();
    char line[200];
    bool good = ask(fd, line, "BEGIN", number);
    do
        good = good && ask(fd, line, "WORK", number);
    while (good && strcmp(line, "MORE") == 0);
    *fate = "committed";
    if (!good || !ask(fd, line, "COMMIT", number)) {
        char said[40];
        snprintf(said, sizeof said, "ROLLBACK %d\n", number);
        witness_check(write(fd, said, strlen(said)) > 0, "write");
        while (witness_hear(fd, line) && strcmp(line, "ROLLED BACK") != 0)
            ;
        *fate = "rolled back";
    }
    close(fd);
    return NULL;
}

int main(void)
{
    witness_begin();
    int n = witness_number("n");
    pthread_t threads[100];
    end_ms = now_ms() + witness_number("limit_ms");
    for (int i = 0; i < n; i++)
        pthread_create(&threads[i], NULL, transact, &fates[i]);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    printf("{\"result\": [");
    for (int i = 0; i < n; i++)
        printf("%s\"%s\"", i == 0 ? "" : ", ", fates[i]);
    printf("]}\n");
}
