// SPDX-License-Identifier: MIT
//
// kernel.c - which system calls a file needs, in which order, and what they must give:
// see files.h.
//
// Read next: direct.c.
#define _GNU_SOURCE // O_DIRECT
#include "workloads/files/files.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The stages of a file, in order; one request each, more if a write or read is short.
enum stage {
    CREATE,
    WRITE,
    SYNC,
    DROP, // before the file is closed: the cache is the file's, not the descriptor's
    CLOSE,
    RENAME,
    REOPEN,
    READ,
    CLOSE_AGAIN,
    END
};

static const char *const doing[END] = {
    [CREATE] = "create", [WRITE] = "write", [SYNC] = "sync",
    [DROP] = "drop",     [CLOSE] = "close", [RENAME] = "rename",
    [REOPEN] = "open",   [READ] = "read",   [CLOSE_AGAIN] = "close",
};

static const struct files_parameters *parameters_of(const struct files_walk *walk)
{
    return walk->work->parameters;
}

unsigned char *files_page(const struct work *work)
{
    const struct files_parameters *parameters = work->parameters;
    void *page;
    size_t size = (size_t)parameters->size + FILES_ALIGNMENT;
    return posix_memalign(&page, FILES_ALIGNMENT, size) == 0 ? page : NULL;
}

// ---- what a file holds -----------------------------------------------------------------

// Eight bytes, lowest first, are mix(start + i); the last ones may be fewer.
static void fill(unsigned char *page, size_t size, uint64_t start)
{
    for (size_t i = 0; i < size; i++) {
        uint64_t word = mix(start + i / 8);
        size_t end = i + 8 < size ? i + 8 : size;
        for (; i < end; i++, word >>= 8)
            page[i] = (unsigned char)word;
        i--;
    }
}

static uint64_t start_of(const struct work *work, uint32_t task, uint32_t number)
{
    return mix_into(mix_into(work->seed, task), number);
}

uint64_t files_page_digest(const unsigned char *page, size_t size)
{
    uint64_t digest = size;
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = 0;
        memcpy(&word, page + i, size - i < 8 ? size - i : 8);
        digest = mix_into(digest, word);
    }
    return digest | FILES_DIGEST_LEAST;
}

uint64_t files_digest(const struct work *work, uint32_t task)
{
    const struct files_parameters *parameters = work->parameters;
    unsigned char *page = files_page(work);
    uint64_t digest = 0;
    for (uint32_t number = 0; number < parameters->files && page != NULL; number++) {
        fill(page, parameters->size, start_of(work, task, number));
        digest = mix_into(digest, files_page_digest(page, parameters->size));
    }
    free(page);
    return digest;
}

// ---- the walk --------------------------------------------------------------------------

void files_begin(struct files_walk *walk, const struct work *work, uint32_t task,
                 uint32_t number, unsigned char *page)
{
    const struct files_parameters *parameters = work->parameters;
    *walk = (struct files_walk){.work = work,
                                .task = task,
                                .number = number,
                                .stage = CREATE,
                                .fd = -1,
                                .page = page};
    snprintf(walk->before, sizeof walk->before, "%s/%" PRIu32 "-%" PRIu32 ".new",
             parameters->keeper.folder, task, number);
    snprintf(walk->after, sizeof walk->after, "%s/%" PRIu32 "-%" PRIu32,
             parameters->keeper.folder, task, number);
    fill(page, parameters->size, start_of(work, task, number));
}

static bool is_wanted(const struct files_parameters *parameters, int stage)
{
    if (stage == SYNC)
        return parameters->sync != FILES_SYNC_NONE;
    return stage != DROP || parameters->cache == FILES_COLD;
}

//DOC: files-next
bool files_next(struct files_walk *walk, struct files_request *request)
{
    static const enum files_call calls[END] = {
        [CREATE] = FILES_OPEN, [WRITE] = FILES_WRITE, [SYNC] = FILES_SYNC,
        [DROP] = FILES_DROP,   [CLOSE] = FILES_CLOSE, [RENAME] = FILES_RENAME,
        [REOPEN] = FILES_OPEN, [READ] = FILES_READ,   [CLOSE_AGAIN] = FILES_CLOSE,
    };
    const struct files_parameters *parameters = parameters_of(walk);
    int direct = parameters->cache == FILES_DIRECT ? O_DIRECT : 0;
    while (walk->stage < END && !is_wanted(parameters, walk->stage))
        walk->stage++;
    if (walk->stage == END)
        return false;
    *request = (struct files_request){.call = calls[walk->stage],
                                      .fd = walk->fd,
                                      .path = walk->before,
                                      .to = walk->after,
                                      .buffer = walk->page + walk->done,
                                      .size = parameters->size - walk->done,
                                      .offset = walk->done};
    if (walk->stage == CREATE)
        request->flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | direct;
    else if (walk->stage == SYNC)
        request->flags = parameters->sync == FILES_SYNC_DATA;
    else if (walk->stage == REOPEN) {
        request->path = walk->after;
        request->flags = O_RDONLY | O_CLOEXEC | direct;
    }
    return true;
}

// Says what could not be done, and what to try where that is known.
static int give_up(struct files_walk *walk, int error)
{
    const struct files_parameters *parameters = parameters_of(walk);
    complaint_make(parameters->complaint,
                   "cannot %s file %" PRIu32 " of task %" PRIu32 ": %s%s",
                   doing[walk->stage], walk->number, walk->task, strerror(-error),
                   limits_is_disk(error)
                       ? "; take a --dir with more room, or a smaller --size"
                   : error == -EINVAL && parameters->cache == FILES_DIRECT
                       ? "; this file system may have no O_DIRECT: take --cache cold"
                       : "");
    if (walk->fd >= 0 && walk->stage != CLOSE && walk->stage != CLOSE_AGAIN)
        close(walk->fd);
    walk->fd = -1;
    return error;
}

int files_take(struct files_walk *walk, int64_t result)
{
    const struct files_parameters *parameters = parameters_of(walk);
    bool moves = walk->stage == WRITE || walk->stage == READ;
    if (result < 0)
        return give_up(walk, (int)result);
    if (moves && result == 0)
        return give_up(walk, -EIO); // shorter than it was written
    if (walk->stage == CREATE || walk->stage == REOPEN)
        walk->fd = (int)result;
    if (walk->stage == CLOSE || walk->stage == CLOSE_AGAIN)
        walk->fd = -1;
    if (moves) {
        walk->done += (size_t)result;
        if (walk->done < parameters->size)
            return 0;
        walk->done = 0;
    }
    if (walk->stage == WRITE) // so that what is read cannot be what was still there
        memset(walk->page, 0, parameters->size);
    if (walk->stage == READ)
        walk->digest = files_page_digest(walk->page, parameters->size);
    walk->stage++;
    return 0;
}

void files_book(struct task *task, uint64_t digest, uint64_t began_ns)
{
    const struct files_parameters *parameters = task->work->parameters;
    struct outcome *outcome = task->outcome;
    outcome->digest = mix_into(outcome->digest, digest);
    outcome->operations++;
    outcome->bytes_out += parameters->size;
    outcome->bytes_in += parameters->size;
    outcome_sample(outcome, clock_now_ns() - began_ns);
}

// ---- the engine that blocks ------------------------------------------------------------

static int64_t perform(const struct files_request *request)
{
    int64_t result = 0;
    switch (request->call) {
    case FILES_OPEN:
        result = open(request->path, request->flags, 0600);
        break;
    case FILES_WRITE:
        result =
            pwrite(request->fd, request->buffer, request->size, (off_t)request->offset);
        break;
    case FILES_READ:
        result =
            pread(request->fd, request->buffer, request->size, (off_t)request->offset);
        break;
    case FILES_SYNC:
        result = request->flags != 0 ? fdatasync(request->fd) : fsync(request->fd);
        break;
    case FILES_DROP:
        return -posix_fadvise(request->fd, 0, 0, POSIX_FADV_DONTNEED);
    case FILES_RENAME:
        result = rename(request->path, request->to);
        break;
    default:
        result = close(request->fd);
        break;
    }
    return result < 0 ? -errno : result;
}

//DOC: files-errand
uint64_t files_run(const void *argument)
{
    const struct files_errand *errand = argument;
    struct files_walk walk;
    struct files_request request;
    unsigned char *page = files_page(errand->work);
    if (page == NULL)
        return ENOMEM;
    files_begin(&walk, errand->work, errand->task, errand->number, page);
    int error = 0;
    while (error == 0 && files_next(&walk, &request))
        error = files_take(&walk, perform(&request));
    free(page);
    return error != 0 ? (uint64_t)-error : walk.digest;
}

int files_ring_complain(const struct work *work, int error)
{
    const struct files_parameters *parameters = work->parameters;
    complaint_make(
        parameters->complaint,
        error == -ENOTSUP
            ? "--file-engine uring: this build lacks liburing; install liburing-dev"
              "%s, then build again"
            : "--file-engine uring: no ring can be had: %s",
        error == -ENOTSUP ? "" : strerror(-error));
    return -EOPNOTSUPP;
}

// ---- after the last session ------------------------------------------------------------

// The caller's page holds what was read.
static int64_t read_whole(const char *path, unsigned char *page, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t done = 0;
    ssize_t count = 1;
    if (fd < 0)
        return -errno;
    while (done < size && count > 0) {
        count = read(fd, page + done, size - done);
        done += count > 0 ? (size_t)count : 0;
    }
    close(fd);
    return (int64_t)done;
}

static int inspect_file(const struct work *work, uint32_t task, uint32_t number,
                        unsigned char *pages[2], struct reason *reason)
{
    struct files_parameters *parameters = work->parameters;
    size_t size = parameters->size;
    char path[KEEPER_PATH + 32];
    snprintf(path, sizeof path, "%s/%" PRIu32 "-%" PRIu32, parameters->keeper.folder,
             task, number);
    fill(pages[0], size, start_of(work, task, number));
    // One byte more than there should be.
    if (read_whole(path, pages[1], size + 1) != (int64_t)size ||
        memcmp(pages[0], pages[1], size) != 0)
        return reason_set(reason, -EBADMSG,
                          "file %" PRIu32 " of task %" PRIu32
                          " is not what was written, in its folder after the run",
                          number, task);
    parameters->found++;
    parameters->found_bytes += size;
    return 0;
}

static int inspect_all(const struct work *work, unsigned char *pages[2],
                       struct reason *reason)
{
    const struct files_parameters *parameters = work->parameters;
    int error = 0;
    for (uint32_t task = 0; task < work->tasks && error == 0; task++)
        for (uint32_t number = 0; number < parameters->files && error == 0; number++)
            error = inspect_file(work, task, number, pages, reason);
    return error;
}

int files_inspect(const struct work *work, struct reason *reason)
{
    unsigned char *pages[2] = {files_page(work), files_page(work)};
    int error;
    if (pages[0] == NULL || pages[1] == NULL)
        error = reason_set(reason, -ENOMEM, "no memory to look at the files");
    else
        error = inspect_all(work, pages, reason);
    free(pages[0]);
    free(pages[1]);
    return error;
}
