// SPDX-License-Identifier: MIT
//
// Birth and end of a coroutine: see coroutine.h.
#define _GNU_SOURCE // pthread_getattr_np(), to tell AddressSanitizer about a thread's stack
#include "runners/coroutine/coroutine.h"

#include "lib/check.h"

#if defined(ANNOUNCE_ASAN)
#include <pthread.h>
#endif

// The first function on every stack, and the last. Giving the stack back while still
// standing on it is safe: nobody can take it before the switch has left it.
static void coroutine_enter(void *argument)
{
    struct coroutine *self = argument;
    announce_arrival(&self->announce);
    struct coroutine *next = self->code(self);
    stack_give(self->arena, &self->stack);
    announce_departure(&self->announce, &next->announce, true);
    context_switch(&self->context, &next->context);
    check_failed("a coroutine that has ended is never entered", __FILE__, __LINE__);
}

struct coroutine *coroutine_new(struct stack_arena *arena, coroutine_code *code)
{
    struct stack *stack = stack_take(arena);
    if (stack == NULL)
        return NULL;
    struct coroutine *self = (struct coroutine *)stack;
    self->code = code;
    self->arena = arena;
    announce_birth(&self->announce, stack->low, (char *)stack);
    context_make(&self->context, stack->low, (char *)stack, coroutine_enter, self);
    return self;
}

void coroutine_adopt_thread(struct coroutine *self)
{
    *self = (struct coroutine){.task = COROUTINE_IDLE};
    void *low = NULL;
    size_t size = 0;
#if defined(ANNOUNCE_ASAN)
    pthread_attr_t attributes;
    CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0);
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
#endif
    announce_thread(&self->announce, low, size);
}

void coroutine_arena_clear(struct stack_arena *arena)
{
    for (uint32_t i = 0; i < arena->carved; i++)
        announce_end(&((struct coroutine *)stack_numbered(arena, i))->announce);
}

bool queue_remove(struct coroutine_queue *queue, struct coroutine *coroutine)
{
    struct coroutine *before = NULL;
    struct coroutine *each = queue->head;
    while (each != NULL && each != coroutine) {
        before = each;
        each = each->next;
    }
    if (each == NULL)
        return false;
    if (before == NULL)
        queue->head = coroutine->next;
    else
        before->next = coroutine->next;
    if (queue->tail == coroutine)
        queue->tail = before;
    return true;
}
