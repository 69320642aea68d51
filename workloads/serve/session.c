// SPDX-License-Identifier: MIT
//
// A connection between two waits: see session.h.
//
// Read next: direct.c.
#include "workloads/serve/session.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <string.h>

void session_init(struct session *session, const struct task *task)
{
    memset(session, 0, offsetof(struct session, input));
    http_init(&session->http);
    session->parameters = serve_parameters(task);
    session->outcome = task->outcome;
    session->limit_ns = session->parameters->idle_limit_ns;
}

// ---- answers -------------------------------------------------------------------------

static uint64_t digest_into(uint64_t digest, unsigned status, uint64_t result)
{
    return mix_into(digest, result ^ status);
}

static void answer(struct session *session, uint64_t result, bool keep_alive)
{
    struct outcome *outcome = session->outcome;
    session->closing = !keep_alive || server_stopping(session->parameters->server);
    session->written +=
        (uint32_t)site_write(&session->answer, result, !session->closing, &session->clock,
                             session->output + session->written);
    session->requests++;
    outcome->operations++;
    outcome->digest = digest_into(outcome->digest, session->answer.status, result);
}

static void refuse(struct session *session, unsigned status)
{
    site_refuse(status, &session->answer);
    answer(session, 0, false);
}

void session_computed(struct session *session, uint64_t result)
{
    answer(session, result, session->http.keep_alive);
}

// ---- requests ------------------------------------------------------------------------

// The rest of a request may take until an instant, however slowly its bytes come; what lies
// between two requests may take a time.
static enum session_step receive(struct session *session)
{
    session->limit_ns = session->parameters->idle_limit_ns;
    if (!session->http.begun) {
        session->deadline_ns = 0;
        return SESSION_RECEIVE;
    }
    uint64_t now_ns = clock_now_ns();
    if (session->deadline_ns == 0)
        session->deadline_ns = now_ns + session->parameters->request_limit_ns;
    if (now_ns >= session->deadline_ns) {
        refuse(session, 408);
        return SESSION_SEND;
    }
    session->limit_ns = session->deadline_ns - now_ns;
    return SESSION_RECEIVE;
}

static void invite(struct session *session)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    memcpy(session->output + session->written, text, sizeof text - 1);
    session->written += sizeof text - 1;
    session->http.continue_due = false;
}

// Takes what is in the input up to the next request.
static enum http_step take(struct session *session)
{
    size_t used;
    enum http_step step = http_take(&session->http, session->input + session->taken,
                                    session->filled - session->taken, &used);
    session->taken += (uint32_t)used;
    return step;
}

//DOC: serve-next
enum session_step session_next(struct session *session)
{
    while (!session->closing && session->written <= SESSION_OUTPUT - SITE_ANSWER_MAX &&
           session->taken < session->filled) {
        switch (take(session)) {
        case HTTP_COMPLETE:
            site_find(&session->http, &session->answer);
            if (session->answer.work.rounds > 0)
                return SESSION_COMPUTE;
            session_computed(session, session->answer.body == NULL
                                          ? site_compute(&session->answer.work)
                                          : 0);
            break;
        case HTTP_REFUSED:
            refuse(session, session->http.status);
            break;
        case HTTP_MORE:
            if (session->http.continue_due)
                invite(session);
            break;
        }
    }
    if (session->written > 0)
        return SESSION_SEND;
    if (session->ended)
        return SESSION_END;
    if (session->closing)
        return SESSION_LINGER;
    return receive(session);
}

// ---- reports -------------------------------------------------------------------------

// Of a client that went away in the middle nobody can expect more, if it is somebody from
// outside; our own load does not.
static int departed(struct session *session, int error)
{
    session->ended = true;
    session->closing = true;
    session->written = 0;
    return serve_by_hand(session->parameters) ? 0 : error;
}

int session_received(struct session *session, ssize_t count)
{
    session->taken = 0;
    session->filled = 0;
    if (count == -ETIMEDOUT) {
        if (session->http.begun)
            refuse(session, 408);
        else
            session->ended = true; // who has asked nothing gets no word
        return 0;
    }
    if (count < 0)
        return departed(session, (int)count);
    if (count == 0) {
        session->ended = true;
        if (session->http.begun) // it may still listen
            refuse(session, server_stopping(session->parameters->server) ? 503 : 400);
        return 0;
    }
    session->filled = (uint32_t)count;
    session->outcome->bytes_in += (uint64_t)count;
    return 0;
}

int session_sent(struct session *session, ssize_t count)
{
    if (count < 0)
        return departed(session, (int)count);
    session->outcome->bytes_out += session->written;
    session->written = 0;
    return 0;
}

uint64_t session_digest(uint64_t requests, uint64_t result)
{
    uint64_t digest = 0;
    for (uint64_t i = 0; i < requests; i++)
        digest = digest_into(digest, 200, result);
    return digest;
}
