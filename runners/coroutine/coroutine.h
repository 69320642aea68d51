// SPDX-License-Identifier: MIT
//
// coroutine.h - a context and a stack with a life: created, switched to and from, ended.
// Nothing here knows about readiness or I/O: who runs next is always the caller's word.
// (Plain resume and yield, as generators want them, are switches between two of these.)
//
// The control block lies at the top of the coroutine's own stack. What a switch touches
// stands together in its first cache line.
//
// Read next: scheduler.h, which decides who runs next.
#ifndef QUARTET_RUNNERS_COROUTINE_COROUTINE_H
#define QUARTET_RUNNERS_COROUTINE_COROUTINE_H

#include "runners/coroutine/announce.h"
#include "runners/coroutine/context.h"
#include "runners/coroutine/stack.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coroutine;
struct wait;

// The whole life of a coroutine. Returns who is to run when it has ended; by then its
// stack belongs to the arena again.
typedef struct coroutine *coroutine_code(struct coroutine *self);

// Coroutines that wait for the same thing, first come, first served. The links are in
// the coroutines, so that waiting never allocates. The scheduler's ready queue is one,
// and so is whatever coroutines wait for: an end, a descriptor. Zero is empty.
struct coroutine_queue {
    struct coroutine *head; // NULL: empty
    struct coroutine *tail; // means something only when there is a head
};

// Has it been asked to stop? See wait_cancel() in wait.h.
enum cancel {
    CANCEL_NEVER, // nobody has asked
    CANCEL_ASKED, // and it does not know yet
    CANCEL_SEEN,  // and a wait of its has returned -ECANCELED
};

struct coroutine {
    struct stack stack;        // first: a stack's control block is its coroutine
    struct context context;    // where it stopped
    struct coroutine *next;    // behind it in a queue; a coroutine is in one at most
    struct wait *waiting;      // for what (scheduler.h); NULL: it runs or is ready
    enum cancel cancel;        // asked before each wait
    coroutine_code *code;      //
    struct stack_arena *arena; // where the stack goes at the end
    // The rest is its scheduler's.
    void (*function)(void *argument);
    void *argument;
    struct coroutine_queue joiners; // who waits for the end
    const char *name;               // for people; NULL: it has ended
    uint64_t task; // the task it works at, or COROUTINE_IDLE: for messages
    struct announce announce;
};

#define COROUTINE_IDLE UINT64_MAX

// Code that suspends is a part of its caller: wait.h says why. A compiler that counts uses would
// make a function of it.
#define COROUTINE_SUSPENDS static inline __attribute__((always_inline))

static_assert(sizeof(struct coroutine) <= STACK_CONTROL_BYTES, "control block too large");

// Creates a coroutine that has not begun: the first switch to it does. NULL: no stack is
// left, errno says why (EAGAIN: the arena is full; else what the kernel said).
struct coroutine *coroutine_new(struct stack_arena *arena, coroutine_code *code);

// Makes a coroutine of the calling thread itself, in the caller's storage, so that
// others can switch back to it. It has no stack of ours and never ends.
void coroutine_adopt_thread(struct coroutine *self);

// After the last life on the stacks of an arena, before stack_arena_close().
void coroutine_arena_clear(struct stack_arena *arena);

//DOC: coroutine-switch
// Leaves `self`, the caller, and goes on in `to`. Comes back when somebody switches to
// `self`. Switching to oneself is not allowed.
static inline void coroutine_switch(struct coroutine *self, struct coroutine *to)
{
    announce_departure(&self->announce, &to->announce, false);
    context_switch(&self->context, &to->context);
    announce_arrival(&self->announce);
}

static inline void queue_push(struct coroutine_queue *queue, struct coroutine *coroutine)
{
    coroutine->next = NULL;
    if (queue->head == NULL)
        queue->head = coroutine;
    else
        queue->tail->next = coroutine;
    queue->tail = coroutine;
}

// Takes this one out, wherever it stands. false: it is not in this queue.
bool queue_remove(struct coroutine_queue *queue, struct coroutine *coroutine);

// NULL: nobody waits.
static inline struct coroutine *queue_pop(struct coroutine_queue *queue)
{
    struct coroutine *first = queue->head;
    if (first != NULL)
        queue->head = first->next;
    return first;
}

#endif
