// SPDX-License-Identifier: MIT
//
// sync.h - waiting for one another, in direct style: what asyncio, threading and
// multiprocessing call Lock, Semaphore, Event and Queue. One direct.c serves all models:
// processes and threads sleep in the kernel (blocking/sync.c), a coroutine lets others
// run (coroutine/sync.c). Who comes first, and where the objects lie, is said in
// sync_objects.h.
//
// Each verb waits at most `timeout_ns` (SYNC_FOREVER; 0 only tries) and returns 0, or
//   -ETIMEDOUT  the time is over, and nothing was taken;
//   -ECANCELED  the coroutine has been cancelled meanwhile, and nothing was taken;
//   -EDEADLK    this would never end: `sequential` has nobody else who could help.
// They may suspend, unless what they want is there already.
//
//     while (sync_get(queue, &item, SYNC_FOREVER) == 0 && item != END)
//         work(item);
//
// Read next: sync_events.h for the same with callbacks.
#ifndef QUARTET_RUNNERS_SYNC_H
#define QUARTET_RUNNERS_SYNC_H

#include "runners/sync_objects.h"

// Until the mutex is the caller's. It must not be already.
int sync_lock(struct sync_mutex *mutex, uint64_t timeout_ns);

// Until there is a permit, and takes it.
int sync_acquire(struct sync_semaphore *semaphore, uint64_t timeout_ns);

// Until the event is set. Takes nothing.
int sync_wait(struct sync_event *event, uint64_t timeout_ns);

// Until there is room, and puts the item behind all others.
int sync_put(struct sync_queue *queue, uint64_t item, uint64_t timeout_ns);

// Until there is an item, and takes the oldest.
int sync_get(struct sync_queue *queue, uint64_t *item, uint64_t timeout_ns);

#endif
