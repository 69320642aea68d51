// SPDX-License-Identifier: MIT
//
// site.h - what `serve` has to offer, and how an answer looks on the wire.
//
//   /                     a text of 100 bytes
//   /work?us=N&seed=S     computes for about N microseconds, and answers with the result
//   /page, /page.css      an HTML page and its style sheet, for a browser
//
// An answer has five header fields, those that nginx gives by default. One of them, Date,
// changes every second; it always has the same length, so that of an answer is known
// beforehand: a client can compare every byte but these 29.
//
// Read next: site.c, then session.h.
#ifndef QUARTET_WORKLOADS_SERVE_SITE_H
#define QUARTET_WORKLOADS_SERVE_SITE_H

#include "workloads/serve/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_ANSWER_MAX    1024     // bytes of an answer, head and body
#define SITE_DATE          "Date: " // what stands before the date
#define SITE_DATE_LENGTH   29       // "Sun, 06 Nov 1994 08:49:37 GMT"
#define SITE_WORK_MAX_US   1000000  // more is refused
#define SITE_ROUNDS_PER_US 250      // of mix(): a chain, so each takes some 4 ns

// Work to be done before the answer can be given. A whole argument for offload().
struct site_work {
    uint64_t rounds; // 0: nothing
    uint64_t seed;
};

// The answer to a complete request.
struct site_answer {
    uint16_t status;
    bool head;  // the method was HEAD: the length of the body, but not the body
    bool allow; // say which methods there are (RFC 9110, section 15.5.6)
    const char *type;
    const char *body; // NULL: the result of `work`
    struct site_work work;
};

// The date of answers, made anew when the second has changed.
struct site_clock {
    int64_t second; // 0: none was made yet
    char date[SITE_DATE_LENGTH + 1];
};

// Finds the answer to the request that http_take() has just completed.
void site_find(const struct http *http, struct site_answer *answer);

// The text at "/".
const char *site_front(void);

// The answer to what was refused with this status.
void site_refuse(unsigned status, struct site_answer *answer);

// The computation: an executor_code of runners/executor.h.
uint64_t site_compute(const void *work);

// Writes an answer to text[0..SITE_ANSWER_MAX). Returns its length.
size_t site_write(const struct site_answer *answer, uint64_t result, bool keep_alive,
                  struct site_clock *clock, char *text);

#endif
