// SPDX-License-Identifier: MIT
//
// read_session.c - a whole connection of `serve` without a socket: any bytes, in pieces of any
// size, and then an end of any kind. The session must come to its end, its output must never
// be longer than its room, and what it has answered must not depend on the pieces. The first
// byte of the input says how the stream ends, the second how large the pieces are.
//
// Where `serve` is left out of the build, for want of llhttp, there is nothing to read.
#include "tests/fuzz/readers.h"

#if __has_include(<llhttp.h>)
#include "lib/check.h"
#include "workloads/serve/session.h"

#include <errno.h>
#include <string.h>

// The bytes of a client, and how it leaves.
struct visit {
    const char *bytes;
    size_t size;
    size_t piece;
    size_t at;
    ssize_t end; // 0: it ends its stream; -ETIMEDOUT: it falls silent; -ECONNRESET
};

static void receive(struct session *session, struct visit *visit)
{
    size_t left = visit->size - visit->at;
    size_t count = left < visit->piece ? left : visit->piece;
    CHECK(session->written == 0); // nobody waits for more with an answer unsent
    CHECK(session->limit_ns > 0);
    memcpy(session->input, visit->bytes + visit->at, count);
    visit->at += count;
    CHECK(session_received(session, count > 0 ? (ssize_t)count : visit->end) == 0);
}

static void send_output(struct session *session)
{
    CHECK(session->written > 0 && session->written <= SESSION_OUTPUT);
    CHECK(memcmp(session->output, "HTTP/1.1 ", strlen("HTTP/1.1 ")) == 0);
    CHECK(session_sent(session, session->written) == 0);
}

// Whether the session came to an end that depends on the pieces: by empty lines.
static bool visit_make(struct visit *visit, struct outcome *outcome)
{
    static struct server server;
    struct serve_parameters parameters = {.server = &server,
                                          .listen = "by hand",
                                          .idle_limit_ns = 3600 * NS_PER_SECOND,
                                          .request_limit_ns = 3600 * NS_PER_SECOND};
    const struct work work = {.parameters = &parameters, .tasks = 1};
    const struct task task = {.work = &work, .outcome = outcome};
    struct session session;
    session_init(&session, &task);
    // Each step takes a byte, sends an answer, or is one of the last few.
    for (size_t steps = 0;; steps++) {
        CHECK(steps < 4 * visit->size + 16);
        enum session_step step = session_next(&session);
        if (step == SESSION_RECEIVE)
            receive(&session, visit);
        else if (step == SESSION_COMPUTE)
            session_computed(&session, session.answer.work.rounds);
        else if (step == SESSION_SEND)
            send_output(&session);
        else
            return session.http.idle_bytes > HTTP_WORD_KEPT;
    }
}

void read_session(const char *text, size_t size)
{
    static const ssize_t ends[] = {0, -ETIMEDOUT, -ECONNRESET, 0};
    struct outcome of_whole = {0};
    struct outcome of_pieces = {0};
    if (size < 2)
        return;
    struct visit whole = {.bytes = text + 2,
                          .size = size - 2,
                          .piece = SESSION_INPUT,
                          .end = ends[(unsigned char)text[0] & 3]};
    struct visit pieces = whole;
    pieces.piece = 1 + ((unsigned char)text[1] & 63);
    bool depends = visit_make(&whole, &of_whole);
    depends |= visit_make(&pieces, &of_pieces);
    if (!depends)
        CHECK(of_whole.operations == of_pieces.operations &&
              of_whole.digest == of_pieces.digest);
}

#else

void read_session(const char *text, size_t size)
{
    (void)text;
    (void)size;
}

#endif
