// SPDX-License-Identifier: MIT
//
// threads.c - what threads share and what each has for itself: globals, the heap and files
// are everybody's; the stack, errno and what is declared _Thread_local are one's own.
//
// Read next: runners/multithread/multithread.c.
#include "lib/error.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int everybodys = 1;
static _Thread_local int ones_own = 1;

//DOC: lesson-threads
static void *worker(void *argument)
{
    static char praise[] = "well done"; // a local array would be gone with the stack
    int *callers_local =
        argument; // another one's stack can be reached, if it still exists
    everybodys = 2;
    ones_own = 2;
    *callers_local = 2;
    errno = ENOENT;
    printf("thread: global %d, thread-local %d, errno is %s\n", everybodys, ones_own,
           strerror(errno));
    return praise; // what join() returns; threading.Thread throws it away
}

int main(void)
{
    pthread_t thread;
    int local = 1;
    void *result = NULL;
    errno = 0;
    int error = pthread_create(&thread, NULL, worker, &local);
    if (error != 0)
        die(EXIT_CANNOT, "pthread_create: %s", strerror(error));
    pthread_join(thread, &result);
    printf("main:   global %d, thread-local %d, errno is %s, local variable %d\n",
           everybodys, ones_own, errno == 0 ? "untouched" : strerror(errno), local);
    printf("main:   the thread returned '%s'\n", (const char *)result);
    return EXIT_FINE;
}
