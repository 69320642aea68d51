// SPDX-License-Identifier: MIT
//
// read_request.c - the request path of `serve`: any bytes, taken whole and then in pieces,
// must lead to the same answers. The first byte of the input says how large the pieces are.
//
// Where `serve` is left out of the build, for want of llhttp, there is nothing to read.
#include "tests/fuzz/readers.h"

#if __has_include(<llhttp.h>)
#include "lib/check.h"
#include "workloads/serve/site.h"

#include <string.h>

#define ANSWERS_MAX 64

struct answers {
    unsigned count;
    uint16_t status[ANSWERS_MAX];
    bool empty_lines; // it ended by them: when, does depend on the pieces
};

// As session.c does it, with the answer written out. Returns whether there may be more.
static bool answer(struct http *http, enum http_step step, struct answers *answers)
{
    char text[SITE_ANSWER_MAX];
    struct site_clock clock = {0};
    struct site_answer found;
    bool goes_on = step == HTTP_COMPLETE && http->keep_alive;
    if (step == HTTP_COMPLETE)
        site_find(http, &found);
    else
        site_refuse(http->status, &found);
    CHECK(site_write(&found, 1, goes_on, &clock, text) <= sizeof text);
    CHECK(found.status >= 200 && found.status < 600);
    answers->empty_lines = http->idle_bytes > HTTP_WORD_KEPT;
    answers->status[answers->count++] = found.status;
    return goes_on && answers->count < ANSWERS_MAX;
}

static void take(const char *bytes, size_t size, size_t piece, struct answers *answers)
{
    struct http http;
    size_t at = 0;
    bool goes_on = true;
    http_init(&http);
    memset(answers, 0, sizeof *answers);
    while (goes_on && at < size) {
        size_t length = size - at < piece ? size - at : piece;
        size_t used = 0;
        enum http_step step = http_take(&http, bytes + at, length, &used);
        CHECK(used <= length && (step != HTTP_MORE || used == length));
        at += used;
        if (step != HTTP_MORE)
            goes_on = answer(&http, step, answers);
    }
}

static bool same_answers(const struct answers *one, const struct answers *other)
{
    return one->count == other->count && one->empty_lines == other->empty_lines &&
           memcmp(one->status, other->status, one->count * sizeof one->status[0]) == 0;
}

void read_request(const char *text, size_t size)
{
    struct answers whole;
    struct answers pieces;
    if (size < 2)
        return;
    take(text + 1, size - 1, size, &whole);
    take(text + 1, size - 1, 1 + ((unsigned char)text[0] & 15), &pieces);
    if (!whole.empty_lines && !pieces.empty_lines)
        CHECK(same_answers(&whole, &pieces));
}

#else

void read_request(const char *text, size_t size)
{
    (void)text;
    (void)size;
}

#endif
