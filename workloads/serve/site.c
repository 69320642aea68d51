// SPDX-License-Identifier: MIT
//
// Resources and answers: see site.h.
//
// Read next: session.c.
#define _GNU_SOURCE // CLOCK_REALTIME_COARSE: the second is all that is wanted
#include "workloads/serve/site.h"

#include "lib/check.h"
#include "lib/mix.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char text_type[] = "text/plain";

static const char front[] =
    "One request, one parser, one answer: what differs is who waits for the next one, "
    "and by what means.\n";

static const char page[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head><title>serve</title><link rel=\"stylesheet\" href=\"/page.css\"></head>\n"
    "<body><h1>It serves</h1>\n"
    "<p>Page, style sheet and <a href=\"/work?us=100\">work</a> come over one "
    "connection.</p></body>\n"
    "</html>\n";

static const char style[] = "body { max-width: 40em; margin: 4em auto; }\n";

static const struct resource {
    const char *path;
    const char *type;
    const char *body; // NULL: computed
} resources[] = {
    {"/", text_type, front},
    {"/work", text_type, NULL},
    {"/page", "text/html", page},
    {"/page.css", "text/css", style},
};

// ---- from a request to an answer -----------------------------------------------------

// The path and the query of a target, which may have the form of RFC 9112, section 3.2.1
// ("/work?us=5") or 3.2.2 ("http://here/work?us=5").
struct target {
    const char *path;
    size_t path_length;
    const char *query;
    size_t query_length;
};

static bool target_split(const struct http *http, struct target *target)
{
    static const char scheme[] = "http://";
    const char *at = http->target;
    const char *end = at + http->target_length;
    if (http->target_length > HTTP_TARGET_KEPT)
        return false;
    if (http->target_length >= sizeof scheme &&
        memcmp(at, scheme, sizeof scheme - 1) == 0) {
        at =
            memchr(at + sizeof scheme - 1, '/', (size_t)(end - at) - (sizeof scheme - 1));
        if (at == NULL)
            return false;
    }
    const char *mark = memchr(at, '?', (size_t)(end - at));
    target->path = at;
    target->path_length = (size_t)((mark != NULL ? mark : end) - at);
    target->query = mark != NULL ? mark + 1 : end;
    target->query_length = (size_t)(end - target->query);
    return true;
}

static const struct resource *resource_at(const struct target *target)
{
    for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
        if (strlen(resources[i].path) == target->path_length &&
            memcmp(resources[i].path, target->path, target->path_length) == 0)
            return &resources[i];
    }
    return NULL;
}

// A number of the query, "name=123". False: it is there, and is no number up to `maximum`.
static bool query_number(const struct target *target, const char *name, uint64_t maximum,
                         uint64_t *value)
{
    const char *at = target->query;
    const char *end = at + target->query_length;
    size_t name_length = strlen(name);
    while (at < end) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        const char *digit = at + name_length + 1;
        if (digit <= stop && memcmp(at, name, name_length) == 0 && digit[-1] == '=') {
            uint64_t number = 0;
            bool fine = digit < stop;
            for (; digit < stop && fine; digit++) {
                fine = *digit >= '0' && *digit <= '9' && number <= maximum;
                number = number * 10 + (uint64_t)(*digit - '0');
            }
            *value = number;
            return fine && number <= maximum;
        }
        at = stop + 1;
    }
    return true;
}

const char *site_front(void)
{
    return front;
}

void site_refuse(unsigned status, struct site_answer *answer)
{
    *answer = (struct site_answer){.status = (uint16_t)status,
                                   .allow = status == 405,
                                   .type = text_type,
                                   .body = http_reason(status)};
}

//DOC: serve-find
void site_find(const struct http *http, struct site_answer *answer)
{
    static const uint64_t seed_max = UINT64_MAX / 100;
    struct target target;
    const struct resource *resource =
        target_split(http, &target) ? resource_at(&target) : NULL;
    bool head = http->parser.method == HTTP_HEAD;
    uint64_t us = 0;
    uint64_t seed = 0;
    if (resource == NULL)
        site_refuse(404, answer);
    else if (http->parser.method != HTTP_GET && !head)
        site_refuse(405, answer);
    else if (!query_number(&target, "us", SITE_WORK_MAX_US, &us) ||
             !query_number(&target, "seed", seed_max, &seed))
        site_refuse(400, answer);
    else
        *answer = (struct site_answer){.status = 200,
                                       .type = resource->type,
                                       .body = resource->body};
    answer->head = head;
    if (answer->body == NULL)
        answer->work =
            (struct site_work){.rounds = us * SITE_ROUNDS_PER_US, .seed = seed};
}

//DOC: serve-compute
uint64_t site_compute(const void *argument)
{
    const struct site_work *work = argument;
    uint64_t value = mix(work->seed);
    for (uint64_t i = 0; i < work->rounds; i++)
        value = mix(value);
    return value;
}

// ---- an answer on the wire -----------------------------------------------------------

static const char *date_now(struct site_clock *clock)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (clock->second != now.tv_sec) {
        struct tm parts;
        gmtime_r(&now.tv_sec, &parts);
        clock->second = now.tv_sec;
        // The C locale is the one that this program runs in: see RFC 9110, section 5.6.7.
        strftime(clock->date, sizeof clock->date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    }
    return clock->date;
}

static char *add(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length); // NOLINT(bugprone-not-null-terminated-result): a piece
    return to + length;
}

static char *add_number(char *to, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0)
        *to++ = digits[--count];
    return to;
}

size_t site_write(const struct site_answer *answer, uint64_t result, bool keep_alive,
                  struct site_clock *clock, char *text)
{
    char number[24];
    const char *body = answer->body;
    if (body == NULL) {
        snprintf(number, sizeof number, "%016" PRIx64 "\n", result);
        body = number;
    }
    char *at = add(text, "HTTP/1.1 ");
    at = add_number(at, answer->status);
    at = add(at, " ");
    at = add(at, http_reason(answer->status));
    at = add(at, "\r\nServer: quartet\r\n" SITE_DATE);
    at = add(at, date_now(clock));
    at = add(at, "\r\nContent-Type: ");
    at = add(at, answer->type);
    at = add(at, "\r\nContent-Length: ");
    at = add_number(at, strlen(body));
    at = add(at, answer->allow ? "\r\nAllow: GET, HEAD" : "");
    at = add(at, keep_alive ? "\r\nConnection: keep-alive\r\n\r\n"
                            : "\r\nConnection: close\r\n\r\n");
    if (!answer->head)
        at = add(at, body);
    return (size_t)(at - text);
}
