// SPDX-License-Identifier: MIT
//
// A ring of `limit` items with two conditions; the last producer closes it.
#include "docs/grade/witness.h"

#include <pthread.h>
#include <stdbool.h>

struct item {
    int producer, number;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static struct item ring[100];
static int first, count, open_producers;
static char results[10][100][40];

static void put(struct item item)
{
    int limit = witness_number("limit");
    pthread_mutex_lock(&mutex);
    while (count == limit)
        pthread_cond_wait(&not_full, &mutex);
    ring[(first + count++) % limit] = item;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&mutex);
}

// False: there is none, and there will be none.
static bool get(struct item *item)
{
    pthread_mutex_lock(&mutex);
    while (count == 0 && open_producers > 0)
        pthread_cond_wait(&not_empty, &mutex);
    bool found = count > 0;
    if (found) {
        *item = ring[first];
        first = (first + 1) % witness_number("limit");
        count--;
        pthread_cond_signal(&not_full);
    }
    pthread_mutex_unlock(&mutex);
    return found;
}

static void *produce(void *argument)
{
    struct item item = {.producer = (int)(((char(*)[100][40])argument) - results)};
    int fd = witness_connect();
    char said[40], line[200];
    snprintf(said, sizeof said, "TAKE %d\n", item.producer);
    for (;;) {
        witness_ask(fd, line, said);
        if (sscanf(line, "ITEM %d", &item.number) != 1)
            break;
        put(item);
    }
    close(fd);
    pthread_mutex_lock(&mutex);
    open_producers--;
    pthread_cond_broadcast(&not_empty);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void *consume(void *unused)
{
    int fd = witness_connect();
    char said[40], line[200];
    for (struct item item; get(&item);) {
        snprintf(said, sizeof said, "PUT %d %d\n", item.producer, item.number);
        witness_ask(fd, line, said);
        while (strcmp(line, "QUIT") == 0) {
            close(fd);
            fd = witness_connect();
            witness_ask(fd, line, said);
        }
        char *result = results[item.producer][item.number];
        if (strncmp(line, "OK ", 3) == 0)
            snprintf(result, 40, "\"%.30s\"", line + 3);
        else
            snprintf(result, 40, "null");
    }
    close(fd);
    return unused;
}

int main(void)
{
    witness_begin();
    int producers = witness_number("producers"), consumers = witness_number("consumers");
    int n = witness_number("n");
    pthread_t threads[100];
    open_producers = producers;
    for (int i = 0; i < producers + consumers; i++)
        pthread_create(&threads[i], NULL, i < producers ? produce : consume,
                       i < producers ? &results[i] : NULL);
    for (int i = 0; i < producers + consumers; i++)
        pthread_join(threads[i], NULL);
    printf("{\"result\": [");
    for (int i = 0; i < producers; i++)
        for (int k = 0; k < n; k++)
            printf("%s%s%s",
                   k > 0    ? ", "
                   : i == 0 ? "["
                            : ", [",
                   results[i][k], k + 1 == n ? "]" : "");
    printf("]}\n");
}
