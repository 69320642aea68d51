// SPDX-License-Identifier: MIT
//
// A thread per session, written plainly: create them all, join them all.
#include "lib/error.h"
#include "tests/peers/fetch_peer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_SIZE = 64 * 1024 }; // that of the multithread runner

struct client {
    const struct work *work;
    pthread_t thread;
    uint32_t task;
};

static void *client_main(void *argument)
{
    struct client *client = argument;
    peer_session(client->work, client->task);
    return NULL;
}

void peer_run(const struct work *work)
{
    struct client *clients = calloc(work->tasks, sizeof *clients);
    pthread_attr_t attributes;
    if (clients == NULL || pthread_attr_init(&attributes) != 0 ||
        pthread_attr_setstacksize(&attributes, STACK_SIZE) != 0)
        die(EXIT_CANNOT, "no memory for the clients");
    for (uint32_t i = 0; i < work->tasks; i++) {
        clients[i].work = work;
        clients[i].task = i;
        int error =
            pthread_create(&clients[i].thread, &attributes, client_main, &clients[i]);
        if (error != 0)
            die(EXIT_CANNOT, "cannot create thread %u: %s", i, strerror(error));
    }
    for (uint32_t i = 0; i < work->tasks; i++)
        pthread_join(clients[i].thread, NULL);
    pthread_attr_destroy(&attributes);
    free(clients);
}
