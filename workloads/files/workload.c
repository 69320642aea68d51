// SPDX-License-Identifier: MIT
//
// workload.c - `files` as the runners see it.
//
// Read next: files.h.
#include "workloads/files/files.h"

#include "lib/folder.h"
#include "lib/limits.h"
#include "runners/sync_objects.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/statvfs.h>

extern const struct workload files_workload;

static const struct option_spec files_options[] = {
    {"files", OPTION_COUNT, offsetof(struct files_parameters, files), "10", 1, 100000,
     NULL, "of each session"},
    {"size", OPTION_SIZE, offsetof(struct files_parameters, size), "64k", 1,
     16 * 1024 * 1024, NULL, "of a file"},
    {"cache", OPTION_CHOICE, offsetof(struct files_parameters, cache), "warm", 0, 0,
     "warm|cold|direct", "read back from it, the disk, or by O_DIRECT"},
    {"sync", OPTION_CHOICE, offsetof(struct files_parameters, sync), "full", 0, 0,
     "none|data|full", "before the rename: nothing, fdatasync, fsync"},
    {"file-engine", OPTION_CHOICE, offsetof(struct files_parameters, engine), "blocking",
     0, 0, "blocking|uring", "system calls, or requests to io_uring"},
    {"dir", OPTION_TEXT, offsetof(struct files_parameters, dir), NULL, 0, 0, NULL,
     "folder for the one of the files; TMPDIR or /tmp if not given"},
    {"keep", OPTION_FLAG, offsetof(struct files_parameters, keep), NULL, 0, 0, NULL,
     "leave the files there after the run"},
    {0},
};

static uint32_t one_per_file(const struct work *work)
{
    const struct files_parameters *parameters = work->parameters;
    return (uint32_t)parameters->files;
}

// Refuses what cannot fit before anything is written. What others take, or a quota, shows
// while it is written.
static int room_check(const struct work *work, struct reason *reason)
{
    const struct files_parameters *parameters = work->parameters;
    const char *place = parameters->dir != NULL ? parameters->dir : folder_temporary();
    struct statvfs system;
    double needed =
        (double)work->tasks * (double)parameters->files * (double)parameters->size;
    if (statvfs(place, &system) != 0)
        return reason_set(reason, -errno, "cannot look at the file system of '%s'",
                          place);
    double free_bytes = (double)system.f_bavail * (double)system.f_frsize;
    if (needed <= free_bytes)
        return 0;
    return reason_set(reason, -ENOSPC,
                      "the files need %.1f MiB, and '%s' has room for %.1f MiB; take "
                      "another --dir, or a smaller --size, --files or --tasks",
                      needed / 1048576., place, free_bytes / 1048576.);
}

static int files_setup(struct work *work, struct reason *reason)
{
    struct files_parameters *parameters = work->parameters;
    if (parameters->dir != NULL && folder_check(parameters->dir, reason) != 0)
        return -EINVAL;
    if (parameters->cache == FILES_DIRECT && parameters->size % FILES_ALIGNMENT != 0)
        return reason_set(reason, -EINVAL,
                          "--cache direct needs a --size of whole blocks of %d bytes",
                          FILES_ALIGNMENT);
    int error = limits_check_file_size(parameters->size, reason);
    if (error == 0)
        error = room_check(work, reason);
    if (error != 0)
        return error;
    parameters->complaint = sync_alloc(sizeof *parameters->complaint);
    if (parameters->complaint == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the sessions");
    parameters->plan = (struct keeper_plan){.name = "files",
                                            .parent = parameters->dir,
                                            .keep = parameters->keep,
                                            .context = work};
    error = keeper_start(&parameters->keeper, &parameters->plan, reason);
    work->peer = parameters->keeper.pid;
    return error;
}

static void files_expect(const struct work *work, struct ledger *expected)
{
    const struct files_parameters *parameters = work->parameters;
    uint64_t files = work->tasks * parameters->files;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = files,
                                .bytes_in = files * parameters->size,
                                .bytes_out = files * parameters->size};
}

// The files are looked at before they go. What a session has complained about explains why
// its task has failed; the first error of a task says whether that was a limit.
static int files_teardown(struct work *work, struct reason *reason)
{
    struct files_parameters *parameters = work->parameters;
    struct reason ignored;
    int limit = work_disk_limit(work);
    int error = 0;
    work->peer = 0;
    if (complaint_made(parameters->complaint))
        error = reason_set(reason, limit != 0 ? limit : -EIO, "%s",
                           parameters->complaint->text);
    else if (work_went_well(work))
        error = files_inspect(work, reason);
    int stop_error = keeper_stop(&parameters->keeper, error == 0 ? reason : &ignored);
    return error != 0 ? error : stop_error;
}

static int files_verify(const struct work *work, struct reason *reason)
{
    uint32_t wrong = work_first_wrong(work);
    if (wrong == work->tasks)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "task %" PRIu32 " has read back something else than it wrote",
                      wrong);
}

static int files_results(const struct work *work, struct named_number *out, int room)
{
    const struct files_parameters *parameters = work->parameters;
    if (room < 2)
        return 0;
    out[0] = (struct named_number){"files_found", parameters->found};
    out[1] = (struct named_number){"bytes_found", parameters->found_bytes};
    return 2;
}

const struct workload files_workload = {
    .name = "files",
    .kind = WORKLOAD_IO,
    .summary = "files written, synced, renamed and read back: epoll cannot wait for them",
    .operation = "files",
    .default_tasks = 64,
    .default_concurrency = 16,
    .descriptors = 3, // the file; a ring and what it keeps
    .options = files_options,
    .parameters_size = sizeof(struct files_parameters),
    .latency = "service",
    .samples = one_per_file,
    .setup = files_setup,
    .expect = files_expect,
    .digest = files_digest,
    .verify = files_verify,
    .results = files_results,
    .teardown = files_teardown,
};
