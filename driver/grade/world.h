// SPDX-License-Identifier: MIT
//
// world.h - the world of a student's program: a server on 127.0.0.1 to which the program
// says one line at a time, and which answers each with one line, when it likes. All that is
// judged is what comes in here.
//
// Read next: trial.h.
#ifndef QUARTET_DRIVER_GRADE_WORLD_H
#define QUARTET_DRIVER_GRADE_WORLD_H

#include "lib/error.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define WORLD_CLIENTS  256
#define WORLD_REQUESTS 8192
#define WORLD_LINE     200

// A line of the program: "PUT 3 120".
struct request {
    unsigned client;
    char verb[16];
    long numbers[3]; // 0 where there is none
    bool open;       // not answered yet
    long actor;      // whose row it is in the record; -1: nobody's
};

struct client {
    int fd; // -1: closed
    char line[WORLD_LINE];
    size_t length;
};

struct world {
    int listener; // -1: there is none
    unsigned port;
    struct client *clients; // WORLD_CLIENTS of them, owned
    unsigned client_count;  // that have ever been connected
    unsigned open_clients;
    struct request *requests; // WORLD_REQUESTS of them, owned, in their order
    size_t request_count;
    bool overrun; // more of either than fit, or a line that is too long
};

// Events of the witness, for its owner.
struct world_listener {
    void (*asked)(void *context, struct request *request);
    void (*left)(void *context, unsigned client); // closed, or reset
    void *context;
};

// 0, or -errno with the reason.
int world_open(struct world *world, struct reason *reason);
void world_close(struct world *world);

// Waits at most `timeout_ms` for something to come, also on the two descriptors (-1: none),
// and takes what the program has said. True: something has come.
bool world_turn(struct world *world, int timeout_ms, const int *others,
                const struct world_listener *listener);

// Answers a request, once; a client that has gone is passed over.
void world_answer(struct world *world, struct request *request, const char *line);

// Says something to a client that has not asked.
void world_say(struct world *world, unsigned client, const char *line);

// Closes a connection from this side.
void world_drop(struct world *world, unsigned client);

#endif
