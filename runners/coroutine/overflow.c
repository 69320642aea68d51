// SPDX-License-Identifier: MIT
//
// The handler of SIGSEGV: see overflow.h. It may call very little (signal-safety(7)), so
// it puts its message together by hand.
#define _GNU_SOURCE // MAP_ANONYMOUS is not POSIX
#include "runners/coroutine/overflow.h"

#include "lib/check.h"
#include "runners/coroutine/coroutine.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Enough for the sanitizers' handlers, which may be called from ours.
#define HANDLER_STACK_BYTES (128 << 10)

static _Thread_local const struct stack_arena *watched;
static _Thread_local overflow_last_words *last_words_here;
static struct sigaction former; // written once, before any handler can run

struct message {
    char text[400];
    size_t length;
};

static void add(struct message *message, const char *text)
{
    while (*text != '\0' && message->length < sizeof message->text)
        message->text[message->length++] = *text++;
}

static void add_number(struct message *message, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    add(message, digits + at);
}

_Noreturn static void report(const struct stack *stack, const struct stack_arena *arena)
{
    const struct coroutine *coroutine = (const struct coroutine *)stack;
    static const char program[] = "coroutine: "; // for stderr alone
    struct message message = {.length = 0};
    add(&message, program);
    add(&message, "stack overflow in coroutine ");
    add_number(&message, stack->number);
    if (coroutine->task != COROUTINE_IDLE) {
        add(&message, ", task ");
        add_number(&message, coroutine->task);
    }
    add(&message, ": it needs more than --stack ");
    add_number(&message, arena->stack_bytes >> 10);
    add(&message, "k (a recursion without end?); try --stack ");
    add_number(&message, arena->stack_bytes >> 8);
    add(&message, "k\n");
    ssize_t ignored = write(STDERR_FILENO, message.text, message.length);
    (void)ignored; // there is nobody left to tell
    message.text[message.length - 1] = '\0';
    if (last_words_here != NULL)
        last_words_here(message.text + strlen(program));
    _exit(EXIT_WRONG);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (watched != NULL) {
        const struct stack *stack = stack_guarded_at(watched, info->si_addr);
        if (stack != NULL)
            report(stack, watched);
    }
    sigaction(number, &former, NULL);
}

static void install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    CHECK(sigaction(SIGSEGV, &action, &former) == 0);
}

int overflow_watch(struct overflow_watch *watch, const struct stack_arena *arena,
                   overflow_last_words *last_words, struct reason *reason)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    watch->memory = mmap(NULL, HANDLER_STACK_BYTES, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (watch->memory == MAP_FAILED) {
        return reason_set(reason, -ENOMEM,
                          "no memory for the stack of a signal handler: %s",
                          strerror(errno));
    }
    stack_t stack = {.ss_sp = watch->memory, .ss_size = HANDLER_STACK_BYTES};
    CHECK(sigaltstack(&stack, &watch->previous) == 0);
    watched = arena;
    last_words_here = last_words;
    pthread_once(&once, install);
    return 0;
}

void overflow_unwatch(struct overflow_watch *watch)
{
    watched = NULL;
    CHECK(sigaltstack(&watch->previous, NULL) == 0);
    munmap(watch->memory, HANDLER_STACK_BYTES);
}
