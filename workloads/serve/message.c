// SPDX-License-Identifier: MIT
//
// Requests and answers as they are on the wire: see message.h.
#include "workloads/serve/message.h"

#include "lib/check.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void wording_build(struct wording *wording, uint64_t work_ns, uint64_t seed)
{
    struct site_work work = {.rounds = work_ns / 1000 * SITE_ROUNDS_PER_US, .seed = seed};
    if (work_ns == 0) {
        snprintf(wording->target, sizeof wording->target, "/");
        snprintf(wording->answer, sizeof wording->answer, "%s", site_front());
        return;
    }
    snprintf(wording->target, sizeof wording->target,
             "/work?us=%" PRIu64 "&seed=%" PRIu64, work_ns / 1000, seed);
    snprintf(wording->answer, sizeof wording->answer, "%016" PRIx64 "\n",
             site_compute(&work));
}

static void request_build(struct message *message, const struct load_plan *plan,
                          const struct sockaddr_in *address, bool last)
{
    char host[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
    int length =
        snprintf(message->text, sizeof message->text,
                 "GET %s HTTP/1.1\r\nHost: %s:%05d\r\nUser-Agent: quartet\r\n%s\r\n",
                 plan->target, host, ntohs(address->sin_port),
                 last ? "Connection: close\r\n" : "");
    CHECK(length > 0 && (size_t)length < sizeof message->text);
    message->length = (uint32_t)length;
}

static void answer_build(struct message *message, const struct load_plan *plan, bool last)
{
    struct site_clock clock = {0};
    struct site_answer answer = {.status = 200,
                                 .type = "text/plain",
                                 .body = plan->answer};
    message->length = (uint32_t)site_write(&answer, 0, !last, &clock, message->text);
    message->text[message->length] = '\0';
    const char *date = strstr(message->text, SITE_DATE);
    CHECK(date != NULL);
    message->date = (uint32_t)(date - message->text + (ptrdiff_t)strlen(SITE_DATE));
}

void messages_build(struct messages *messages, const struct load_plan *plan,
                    const struct sockaddr_in *address)
{
    memset(messages, 0, sizeof *messages);
    for (int last = 0; last < 2; last++) {
        request_build(&messages->request[last], plan, address, last);
        answer_build(&messages->answer[last], plan, last);
    }
}

static size_t bytes_up_to(size_t border, size_t from, size_t length)
{
    size_t left = from < border ? border - from : 0;
    return left < length ? left : length;
}

size_t message_compare(const struct message *answer, size_t from, const char *bytes,
                       size_t length)
{
    const char *wanted = answer->text + from;
    size_t date = bytes_up_to(answer->date, from, length);
    size_t rest = bytes_up_to(answer->date + SITE_DATE_LENGTH, from, length);
    if (memcmp(wanted, bytes, date) == 0 &&
        memcmp(wanted + rest, bytes + rest, length - rest) == 0)
        return length;
    for (size_t i = 0; i < length; i++) {
        if ((i < date || i >= rest) && bytes[i] != wanted[i])
            return i;
    }
    return length;
}
