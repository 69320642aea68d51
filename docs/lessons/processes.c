// SPDX-License-Identifier: MIT
//
// processes.c - what a child process gets from its parent: a copy of all memory, the same
// shared memory, the same open files with the same position, and a copy of what stdio had
// not written yet. This is what multiprocessing's start method "fork" means.
//
// Read next: lib/process.h; runners/multiprocess/multiprocess.c.
#define _GNU_SOURCE // MAP_ANONYMOUS is not in POSIX.1-2008
#include "lib/error.h"
#include "lib/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int private_number = 1;

//DOC: lesson-processes
static void child(int *shared_number, int file)
{
    char text[6] = "";
    private_number = 2;
    *shared_number = 2;
    ssize_t length = read(file, text, 5); // where the parent has stopped
    printf("child: reads '%s'; private is %d, shared is %d\n", length == 5 ? text : "",
           private_number, *shared_number);
    fflush(stdout);
    _exit(3); // not exit(): what the parent wants to be done at its end is not for us
}

int main(void)
{
    char text[6] = "";
    int status = 0;
    FILE *file = tmpfile();
    int *shared_number = mmap(NULL, sizeof *shared_number, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (file == NULL || shared_number == MAP_FAILED)
        die(EXIT_CANNOT, "no temporary file, or no memory");
    *shared_number = 1;
    if (write(fileno(file), "firstotherlast.", 15) != 15 ||
        lseek(fileno(file), 0, SEEK_SET) != 0 || read(fileno(file), text, 5) != 5)
        die(EXIT_CANNOT, "cannot use a temporary file");
    printf("parent: reads '%s'\n", text);
    fflush(stdout); // without this the line above could be printed twice
    pid_t pid = process_fork();
    if (pid < 0)
        die(EXIT_CANNOT, "fork: %s", strerror(-pid));
    if (pid == 0)
        child(shared_number, fileno(file));
    process_wait(pid, &status, 0);
    if (read(fileno(file), text, 5) != 5)
        die(EXIT_WRONG, "the child has read something else");
    printf("parent: reads '%s'; private is %d, shared is %d\n", text, private_number,
           *shared_number);
    printf("parent: the child said %d\n", WEXITSTATUS(status));
    munmap(shared_number, sizeof *shared_number);
    fclose(file);
    return EXIT_FINE;
}
