// SPDX-License-Identifier: MIT
//
// As many threads as pages may be fetched at once; each takes the next page.
#include "docs/grade/witness.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_int next_page;
static char pages[100][40];

static void *fetch(void *unused)
{
    char line[200], said[40];
    int n = witness_number("n");
    for (int page; (page = next_page++) < n;) {
        int fd = witness_connect();
        snprintf(said, sizeof said, "GET %d\n", page);
        witness_ask(fd, line, said);
        close(fd);
        if (strncmp(line, "200 ", 4) == 0)
            snprintf(pages[page], sizeof pages[page], "\"%.30s\"", line + 4);
        else
            snprintf(pages[page], sizeof pages[page], "null");
    }
    return unused;
}

int main(void)
{
    witness_begin();
    int limit = witness_number("limit"), n = witness_number("n");
    pthread_t threads[100];
    for (int i = 0; i < limit; i++)
        pthread_create(&threads[i], NULL, fetch, NULL);
    for (int i = 0; i < limit; i++)
        pthread_join(threads[i], NULL);
    printf("{\"result\": [");
    for (int i = 0; i < n; i++)
        printf("%s%s", i == 0 ? "" : ", ", pages[i]);
    printf("]}\n");
}
