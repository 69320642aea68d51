// SPDX-License-Identifier: MIT
//
// journal.c - see journal.h. First how a block becomes a line, then how it becomes a block
// again, with suspicion: a line may come from anywhere.
#include "driver/report/journal.h"

#include "driver/report/json.h"
#include "lib/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4200

static void journal_path(const char *report_path, char *path, size_t size)
{
    snprintf(path, size, "%s" JOURNAL_SUFFIX, report_path);
}

// ---- writing -----------------------------------------------------------------------

// The runs in this block, which is the last one: a new array.
static json_t *last_runs(const json_t *runs, double block)
{
    json_t *last = json_array();
    size_t size = json_array_size(runs);
    size_t first = size;
    while (first > 0 && tree_number(json_array_get(runs, first - 1), "block") == block)
        first--;
    for (size_t i = first; i < size; i++)
        json_array_append(last, json_array_get(runs, i));
    return last;
}

// What the block has changed in the cells.
static json_t *last_cells(const json_t *table, double block)
{
    json_t *cells = json_array();
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(table, "cells"), index, cell)
    {
        json_t *samples = last_runs(tree_array(cell, "samples"), block);
        json_t *twins = last_runs(tree_array(cell, "twins"), block);
        json_array_append_new(cells, json_pack("{s:O, s:O, s:O, s:o, s:o}", "id",
                                               tree_at(cell, "id"), "status",
                                               tree_at(cell, "status"), "reason",
                                               tree_at(cell, "reason"), "samples",
                                               samples, "twins", twins));
    }
    return cells;
}

int journal_append(const char *report_path, uint64_t *size, const json_t *report,
                   const json_t *table)
{
    char path[PATH_SIZE];
    const json_t *blocks = tree_array(table, "blocks");
    json_t *block = json_array_get(blocks, json_array_size(blocks) - 1);
    json_t *line =
        json_pack("{s:s, s:O, s:O, s:O, s:O, s:o}", "schema", JOURNAL_SCHEMA, "session",
                  tree_at(report, "started_utc"), "duration_ns",
                  tree_at(report, "duration_ns"), "table", tree_at(table, "id"), "block",
                  block, "cells", last_cells(table, tree_number(block, "number")));
    journal_path(report_path, path, sizeof path);
    int error = json_line_append(path, size, line);
    json_decref(line);
    return error;
}

void journal_remove(const char *report_path)
{
    char path[PATH_SIZE];
    journal_path(report_path, path, sizeof path);
    unlink(path);
}

// ---- reading -----------------------------------------------------------------------

// A pipe would keep its reader waiting for ever.
static int check_file(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    return (uint64_t)status.st_size > JSON_FILE_BYTES_MAX ? -EFBIG : 0;
}

int journal_open(const char *report_path, FILE **journal, struct reason *reason)
{
    char path[PATH_SIZE];
    *journal = NULL;
    journal_path(report_path, path, sizeof path);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    int error = fd < 0 ? -errno : check_file(fd);
    if (error == 0) {
        *journal = fdopen(fd, "r");
        error = *journal != NULL ? 0 : -errno;
    }
    if (error == 0)
        return 0;
    if (fd >= 0)
        close(fd);
    return reason_set(reason, error, "cannot read '%.300s': %s", path, strerror(-error));
}

static int replay_cell(json_t *table, const json_t *entry)
{
    json_t *cell =
        tree_find(tree_array(table, "cells"), "id", tree_text(entry, "id", ""));
    json_t *samples = tree_array(entry, "samples");
    json_t *twins = tree_array(entry, "twins");
    json_t *status = tree_at(entry, "status");
    json_t *reason = tree_at(entry, "reason");
    if (cell == NULL || status == NULL || reason == NULL)
        return -EBADMSG;
    json_object_set(cell, "status", status);
    json_object_set(cell, "reason", reason);
    bool added = json_array_extend(tree_array(cell, "samples"), samples) == 0 &&
                 json_array_extend(tree_array(cell, "twins"), twins) == 0;
    return added ? 0 : -EBADMSG;
}

static int replay_block(json_t *report, json_t *table, const json_t *line)
{
    json_t *duration = tree_at(line, "duration_ns");
    json_t *cells = tree_array(line, "cells");
    size_t index;
    json_t *entry;
    if (!json_is_number(duration) || cells == NULL)
        return -EBADMSG;
    json_array_foreach(cells, index, entry)
    {
        if (replay_cell(table, entry) != 0)
            return -EBADMSG;
    }
    json_object_set(report, "duration_ns", duration);
    json_array_append(tree_array(table, "blocks"), tree_at(line, "block"));
    return 0;
}

// Is it a line of this report? If not, `reason` goes on after "line N of its journal".
static int check_line(const json_t *report, const json_t *line, struct reason *reason)
{
    const char *schema = tree_text(line, "schema", "none");
    const char *session = tree_text(line, "session", "unknown");
    if (strcmp(schema, JOURNAL_SCHEMA) != 0)
        return reason_set(reason, -EBADMSG,
                          "is of the schema '%.40s', and this version reads "
                          "'" JOURNAL_SCHEMA "'",
                          schema);
    if (strcmp(session, tree_text(report, "started_utc", "")) != 0)
        return reason_set(reason, -EBADMSG, "belongs to another session, that of %.40s",
                          session);
    return 0;
}

static int replay_line(json_t *report, const json_t *line, struct reason *reason)
{
    int error = check_line(report, line, reason);
    if (error != 0)
        return error;
    const char *id = tree_text(line, "table", "");
    json_t *table = tree_find(tree_array(report, "tables"), "id", id);
    size_t before = json_array_size(tree_array(table, "blocks"));
    double number = tree_number(line, "block.number");
    if (table == NULL)
        return reason_set(reason, -EBADMSG, "is of a table that is not there: '%.80s'",
                          id);
    if (number >= 1 && number <= (double)before)
        return 0; // the report was saved after that
    if (number != (double)before + 1)
        return reason_set(reason, -EBADMSG, "is not block %zu of '%.80s'", before + 1,
                          id);
    if (replay_block(report, table, line) != 0)
        return reason_set(reason, -EBADMSG, "does not hold all of a block of '%.80s'",
                          id);
    return 0;
}

static int replay_text(json_t *report, const char *text, size_t size, unsigned number,
                       struct reason *reason)
{
    struct reason why;
    json_t *line;
    int error = json_text_load(text, size, "", &line, NULL);
    if (error == 0)
        error = replay_line(report, line, &why);
    else
        reason_set(&why, error, "is not valid JSON");
    json_decref(line);
    if (error == 0)
        return 0;
    return reason_set(reason, error,
                      "line %u of its journal %s; without the journal (the file with "
                      "'" JOURNAL_SUFFIX "' behind its name) it can be read",
                      number, why.text);
}

int journal_replay(FILE *journal, json_t *report, struct reason *reason)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length = 0;
    unsigned number = 0;
    int error = 0;
    while (error == 0 && (length = getline(&text, &size, journal)) > 0 &&
           text[length - 1] == '\n')
        error = replay_text(report, text, (size_t)length, ++number, reason);
    if (error == 0 && length < 0 && !feof(journal))
        error =
            reason_set(reason, -errno, "its journal cannot be read: %s", strerror(errno));
    free(text);
    return error;
}
