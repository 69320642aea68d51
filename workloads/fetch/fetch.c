// SPDX-License-Identifier: MIT
//
// The work of a session between two waits, for both styles: see fetch.h.
#include "workloads/fetch/fetch.h"

#include "lib/clock.h"
#include "lib/mix.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>

static struct fetch_label label_of(const struct work *work, enum fetch_kind kind,
                                   uint32_t task, uint32_t sequence)
{
    return (struct fetch_label){
        .seed = work->seed, .kind = kind, .task = task, .sequence = sequence};
}

const struct fetch_endpoint *fetch_task_endpoint(const struct task *task)
{
    const struct fetch_parameters *parameters = task->work->parameters;
    return fetch_backend_endpoint(&parameters->backend, task->index);
}

size_t fetch_hello_size(const struct fetch_parameters *parameters)
{
    return parameters->token == NULL ? 0 : FETCH_HELLO_SIZE;
}

size_t fetch_request(const struct task *task, uint32_t sequence, unsigned char *message)
{
    const struct fetch_parameters *parameters = task->work->parameters;
    struct fetch_label label = label_of(task->work, FETCH_REQUEST, task->index, sequence);
    size_t hello = sequence == 0 ? fetch_hello_size(parameters) : 0;
    if (hello > 0)
        fetch_hello_build(message, parameters->token_bytes);
    fetch_message_build(message + hello, parameters->payload, &label);
    return hello + parameters->payload;
}

// The outcome was last touched an exchange ago, and with thousands of sessions it has left
// the caches since. It is fetched while the reply is being checked: here, for every model.
static void fetch_ahead(const struct outcome *outcome, uint32_t sequence)
{
    __builtin_prefetch(outcome, 1);
    __builtin_prefetch(&outcome->latency_ns[sequence], 1);
}

int fetch_book(struct task *task, const struct fetch_exchange *exchange,
               const unsigned char *message)
{
    const struct fetch_parameters *parameters = task->work->parameters;
    struct outcome *outcome = task->outcome;
    uint64_t service_ns = clock_now_ns() - exchange->sent_ns;
    fetch_ahead(outcome, exchange->sequence);
    struct fetch_label label =
        label_of(task->work, FETCH_REPLY, task->index, exchange->sequence);
    enum fetch_fault fault = fetch_message_check(message, parameters->payload, &label);
    uint64_t digest = fetch_message_digest(message, parameters->payload);
    outcome_sample(outcome, service_ns);
    outcome->bytes_out += exchange->bytes_out;
    outcome->bytes_in += exchange->bytes_in;
    if (service_ns < parameters->delay_ns)
        return -ETIME; // the back end did not wait as long as it was told
    if (fault != FETCH_FINE)
        return -EBADMSG;
    outcome->digest = mix_into(outcome->digest, digest);
    outcome->operations++;
    return 0;
}

uint64_t fetch_expected_digest(const struct work *work, uint32_t task)
{
    const struct fetch_parameters *parameters = work->parameters;
    unsigned char reply[FETCH_MESSAGE_MAX];
    uint64_t digest = 0;
    for (uint32_t sequence = 0; sequence < parameters->exchanges; sequence++) {
        struct fetch_label label = label_of(work, FETCH_REPLY, task, sequence);
        fetch_message_build(reply, parameters->payload, &label);
        digest = mix_into(digest, fetch_message_digest(reply, parameters->payload));
    }
    return digest;
}
