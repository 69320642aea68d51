// SPDX-License-Identifier: MIT
//
// files.h - the life of a file, many times over: create it under another name, write it,
// wait until the disk has it (fsync), rename it, read it back, compare. That is how a
// program replaces a file so that nobody ever finds half of it.
//
// epoll cannot wait for a regular file, which always counts as ready; read() and write()
// simply take as long as they take. So there are two engines:
//   blocking  the calls one after the other, as an errand of one file: on the spot, or in
//             the pool of a loop (--offload threads)
//   uring     io_uring does the calls; what can be waited for is the ring's descriptor
// Both do the same requests in the same order: those that files_next() asks for.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_FILES_H
#define QUARTET_WORKLOADS_FILES_H

#include "lib/keeper/keeper.h"
#include "workloads/common/complaint.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum files_engine { FILES_BLOCKING, FILES_URING };
enum files_cache { FILES_WARM, FILES_COLD, FILES_DIRECT };
enum files_sync { FILES_SYNC_NONE, FILES_SYNC_DATA, FILES_SYNC_FULL };

enum {
    FILES_ALIGNMENT = 4096, // of a buffer, for O_DIRECT
};

struct files_parameters {
    uint64_t files; // of each session
    uint64_t size;  // bytes of a file
    uint64_t cache; // enum files_cache: where they are read from
    uint64_t sync;  // enum files_sync
    uint64_t engine;
    const char *dir;
    bool keep;
    struct keeper_plan plan;
    struct keeper keeper;
    struct complaint *complaint; // shared by the sessions
    uint64_t found;              // files in the folder after the run
    uint64_t found_bytes;
};

// ---- one file --------------------------------------------------------------------------

enum files_call {
    FILES_OPEN,
    FILES_WRITE,
    FILES_SYNC,
    FILES_CLOSE,
    FILES_RENAME,
    FILES_DROP, // out of the page cache
    FILES_READ,
    FILES_CALLS
};

// One system call, whoever makes it.
struct files_request {
    enum files_call call;
    int fd;
    int flags;        // of open; of sync: data only
    const char *path; // of open, rename
    const char *to;   // of rename
    void *buffer;
    size_t size;
    uint64_t offset;
};

// A file on its way. In the storage of who does it; not to be moved.
struct files_walk {
    const struct work *work;
    uint32_t task;
    uint32_t number; // of the file, of this task
    int stage;
    int fd;              // -1: none is open
    size_t done;         // bytes of what is being written or read
    unsigned char *page; // size bytes, aligned: first what is written, then what was read
    uint64_t digest;     // of what was read
    char before[KEEPER_PATH + 32];
    char after[KEEPER_PATH + 32];
};

// The digest of what a file holds: FILES_DIGEST_LEAST or more.
uint64_t files_page_digest(const unsigned char *page, size_t size);

// A buffer for a walk; free() it. NULL: no memory.
unsigned char *files_page(const struct work *work);

void files_begin(struct files_walk *walk, const struct work *work, uint32_t task,
                 uint32_t number, unsigned char *page);

// The next request of a walk; false when it has come to its end.
bool files_next(struct files_walk *walk, struct files_request *request);

// Takes the result of that request in: a count, 0 or -errno. 0, or -errno when the walk
// cannot go on, and then nothing is open any more; see complaint.
int files_take(struct files_walk *walk, int64_t result);

// Books a file that has come back.
void files_book(struct task *task, uint64_t digest, uint64_t began_ns);

// ---- the engine that blocks ------------------------------------------------------------

// One file as an errand; whoever runs it needs nothing but this.
struct files_errand {
    const struct work *work;
    uint32_t task;
    uint32_t number;
};

// For offload(): does all of it. The digest of what was read, which is FILES_DIGEST_LEAST or
// more, or an errno.
uint64_t files_run(const void *errand);

#define FILES_DIGEST_LEAST (UINT64_C(1) << 63)

// ---- the engine io_uring (engine/) -----------------------------------------------------

struct files_ring;

// A ring for one walk at a time. NULL with -errno in *error: -ENOSYS, -EPERM: this kernel
// lacks or forbids it; -ENOTSUP: this build has no liburing.
struct files_ring *files_ring_open(int *error);
void files_ring_close(struct files_ring *ring); // NULL is nothing to do

// Becomes readable when a result is there.
int files_ring_fd(const struct files_ring *ring);

// Hands a request to the kernel. What it points to must stay until the result. 0 or -errno.
int files_ring_submit(struct files_ring *ring, const struct files_request *request);

// Takes a result. Is there one?
bool files_ring_result(struct files_ring *ring, int64_t *result);

// Says why there is no ring, and gives the error of the task.
int files_ring_complain(const struct work *work, int error);

// ---- after the last session ------------------------------------------------------------

// Counts the files of the folder and compares each with what it must hold, by reading it
// once more. 0, -EBADMSG or -errno with the reason.
int files_inspect(const struct work *work, struct reason *reason);

// The digest that a task must leave.
uint64_t files_digest(const struct work *work, uint32_t task);

#endif
