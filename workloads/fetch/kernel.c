// SPDX-License-Identifier: MIT
//
// The messages of `fetch`: see kernel.h. Words are taken apart byte by byte, so that their
// order does not depend on the machine; compilers turn each into one instruction where it
// is that of the machine.
#include "workloads/fetch/kernel.h"

#include "lib/check.h"
#include "lib/mix.h"

#include <string.h>

enum { WORD = sizeof(uint64_t) };

// Where each number of the header lies.
enum { AT_KIND = 0, AT_TASK = 4, AT_SEQUENCE = 8, AT_SIZE = 12 };

static void number_put(unsigned char *message, size_t place, uint32_t number)
{
    for (unsigned i = 0; i < sizeof number; i++)
        message[place + i] = (unsigned char)(number >> 8 * i);
}

static uint32_t number_get(const unsigned char *message, size_t place)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < sizeof number; i++)
        number |= (uint32_t)message[place + i] << 8 * i;
    return number;
}

static void word_put(unsigned char *bytes, uint64_t word)
{
    for (unsigned i = 0; i < WORD; i++)
        bytes[i] = (unsigned char)(word >> 8 * i);
}

static uint64_t word_get(const unsigned char *bytes)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < WORD; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

static size_t word_size(size_t size, size_t place)
{
    return size - place < WORD ? size - place : WORD;
}

// The key that the payload words of one message share.
static uint64_t payload_key(const struct fetch_label *label)
{
    uint64_t session = mix_into(label->seed, (uint64_t)label->kind << 32 | label->task);
    return mix_into(session, label->sequence);
}

void fetch_message_build(unsigned char *message, size_t size,
                         const struct fetch_label *label)
{
    CHECK(size >= FETCH_MESSAGE_MIN && size <= FETCH_MESSAGE_MAX);
    number_put(message, AT_KIND, (uint32_t)label->kind);
    number_put(message, AT_TASK, label->task);
    number_put(message, AT_SEQUENCE, label->sequence);
    number_put(message, AT_SIZE, (uint32_t)size);
    uint64_t key = payload_key(label);
    for (size_t place = FETCH_HEADER_SIZE; place < size; place += WORD) {
        unsigned char word[WORD];
        word_put(word, mix(key + place));
        memcpy(message + place, word, word_size(size, place));
    }
}

enum fetch_fault fetch_message_check(const unsigned char *message, size_t size,
                                     const struct fetch_label *expected)
{
    if (number_get(message, AT_KIND) != (uint32_t)expected->kind)
        return FETCH_WRONG_KIND;
    if (number_get(message, AT_TASK) != expected->task)
        return FETCH_WRONG_TASK;
    if (number_get(message, AT_SEQUENCE) != expected->sequence)
        return FETCH_WRONG_SEQUENCE;
    if (number_get(message, AT_SIZE) != size)
        return FETCH_WRONG_SIZE;
    uint64_t key = payload_key(expected);
    for (size_t place = FETCH_HEADER_SIZE; place < size; place += WORD) {
        unsigned char word[WORD];
        word_put(word, mix(key + place));
        if (memcmp(message + place, word, word_size(size, place)) != 0)
            return FETCH_WRONG_PAYLOAD;
    }
    return FETCH_FINE;
}

uint32_t fetch_message_kind(const unsigned char *message)
{
    return number_get(message, AT_KIND);
}

uint32_t fetch_message_task(const unsigned char *message)
{
    return number_get(message, AT_TASK);
}

void fetch_hello_build(unsigned char *hello, const unsigned char *token)
{
    memset(hello, 0, FETCH_HELLO_SIZE);
    number_put(hello, 0, FETCH_HELLO);
    number_put(hello, 4, FETCH_VERSION);
    memcpy(hello + 8, token, FETCH_TOKEN_SIZE);
}

bool fetch_hello_check(const unsigned char *hello, const unsigned char *token)
{
    unsigned char expected[FETCH_HELLO_SIZE];
    fetch_hello_build(expected, token);
    return memcmp(hello, expected, sizeof expected) == 0;
}

uint64_t fetch_message_digest(const unsigned char *message, size_t size)
{
    uint64_t digest = size;
    for (size_t place = 0; place < size; place += WORD) {
        unsigned char word[WORD] = {0};
        memcpy(word, message + place, word_size(size, place));
        digest = mix(digest ^ word_get(word));
    }
    return digest;
}

const char *fetch_fault_name(enum fetch_fault fault)
{
    static const char *const names[] = {
        [FETCH_FINE] = "nothing wrong",
        [FETCH_WRONG_KIND] = "wrong kind of message",
        [FETCH_WRONG_TASK] = "wrong task",
        [FETCH_WRONG_SEQUENCE] = "wrong sequence number",
        [FETCH_WRONG_SIZE] = "wrong size",
        [FETCH_WRONG_PAYLOAD] = "wrong payload",
        [FETCH_UNASKED] = "bytes out of turn",
    };
    return (size_t)fault < ARRAY_LEN(names) ? names[fault] : "unknown fault";
}
