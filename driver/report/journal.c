// SPDX-License-Identifier: MIT
//
// journal.c - see journal.h. First how a block becomes a line, then how it becomes a block
// again, with suspicion: a line may come from anywhere.
#include "driver/report/journal.h"

#include "driver/report/check.h"
#include "driver/report/model_members.h"
#include "driver/report/read.h"
#include "driver/report/write.h"
#include "lib/check.h"
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

// ---- a line ------------------------------------------------------------------------

struct line {
    const char *schema;
    const char *session; // started_utc of the report
    double duration_ns;
    const char *table;
    json_t *block;
    json_t *cells;
};

// How the block has left a cell.
struct line_cell {
    const char *id;
    const char *status;
    const char *reason;
    json_t *samples;
    json_t *twins;
};

static const struct member line_list[] = {
    MEMBER(struct line, schema, MEMBER_PLAIN),
    MEMBER(struct line, session, MEMBER_PLAIN),
    MEMBER(struct line, duration_ns, MEMBER_REQUIRED | MEMBER_WHOLE),
    MEMBER(struct line, table, MEMBER_PLAIN),
    MEMBER(struct line, block, MEMBER_REQUIRED | MEMBER_OBJECT),
    MEMBER(struct line, cells, MEMBER_REQUIRED | MEMBER_ARRAY),
};
MEMBERS_OF(line);

static const struct member line_cell_list[] = {
    MEMBER(struct line_cell, id, MEMBER_REQUIRED),
    MEMBER(struct line_cell, status, MEMBER_REQUIRED),
    MEMBER(struct line_cell, reason, MEMBER_PLAIN),
    MEMBER(struct line_cell, samples, MEMBER_REQUIRED | MEMBER_ARRAY),
    MEMBER(struct line_cell, twins, MEMBER_REQUIRED | MEMBER_ARRAY),
};
MEMBERS_OF(line_cell);

// ---- writing -----------------------------------------------------------------------

static json_t *write_cells(const struct report_table *table, double block)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        json_t *json = json_object();
        const struct line_cell own = {.id = cell->id,
                                      .status = cell_status_name(cell->status),
                                      .reason = cell->reason,
                                      .samples = report_write_runs(&cell->samples, block),
                                      .twins = report_write_runs(&cell->twins, block)};
        members_write(json, &line_cell_members, &own);
        json_array_append_new(cells, json);
        json_decref(own.samples);
        json_decref(own.twins);
    }
    return cells;
}

int journal_append(const char *report_path, uint64_t *size, const struct report *report,
                   const struct report_table *table)
{
    char path[PATH_SIZE];
    const struct report_block *block = &table->blocks[table->block_count - 1];
    const struct line line = {.schema = JOURNAL_SCHEMA,
                              .session = report->started_utc,
                              .duration_ns = report->duration_ns,
                              .table = table->id,
                              .block = report_write_block(block),
                              .cells = write_cells(table, block->number)};
    json_t *json = json_object();
    members_write(json, &line_members, &line);
    json_decref(line.block);
    json_decref(line.cells);
    journal_path(report_path, path, sizeof path);
    int error = json_line_append(path, size, json);
    json_decref(json);
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

// Appends runs; each must be one.
static int replay_runs(const json_t *array, const char *name, struct sample_list *list,
                       struct reason *reason)
{
    char place[32];
    int error = 0;
    if (list->count + json_array_size(array) > 2 * REPORT_BLOCKS_MAX)
        return reason_set(reason, -EBADMSG, "makes more than %d runs of one cell",
                          2 * REPORT_BLOCKS_MAX);
    for (size_t i = 0; error == 0 && i < json_array_size(array); i++) {
        json_t *json = json_array_get(array, i);
        snprintf(place, sizeof place, "%s[%zu]", name, list->count);
        error = members_check(json, place, &sample_members, reason);
        if (error == 0) {
            const struct sample sample = read_sample(json);
            report_add_sample(list, &sample);
        }
    }
    return error;
}

static int replay_cell(struct report_table *table, const json_t *json, size_t index,
                       struct reason *reason)
{
    char place[32];
    struct line_cell line;
    struct report_cell found = {.json = NULL};
    snprintf(place, sizeof place, "cells[%zu]", index);
    int error = members_check(json, place, &line_cell_members, NULL);
    members_read(json, &line_cell_members, &line);
    struct report_cell *cell = error != 0 ? NULL : report_find_cell(table, line.id);
    if (cell == NULL)
        return reason_set(reason, -EBADMSG, "does not hold all of a block of '%.80s'",
                          table->id);
    error = members_check(json, place, &cell_progress_members, reason);
    members_read(json, &cell_progress_members, &found);
    cell->status = found.status;
    cell->reason = found.reason;
    if (error == 0)
        error = replay_runs(line.samples, "samples", &cell->samples, reason);
    return error != 0 ? error : replay_runs(line.twins, "twins", &cell->twins, reason);
}

static int replay_block(struct report *report, struct report_table *table,
                        const json_t *json, const struct line *line,
                        struct reason *reason)
{
    char place[32];
    snprintf(place, sizeof place, "blocks[%zu]", table->block_count);
    if (members_check(json, "", &line_members, NULL) != 0)
        return reason_set(reason, -EBADMSG, "does not hold all of a block of '%.80s'",
                          table->id);
    int error = members_check(line->block, place, &report_block_members, reason);
    for (size_t i = 0; error == 0 && i < json_array_size(line->cells); i++)
        error = replay_cell(table, json_array_get(line->cells, i), i, reason);
    const struct report_block block = read_block(line->block);
    report_add_block(table, &block);
    report->duration_ns = line->duration_ns;
    return error;
}

// Is it a line of this report? If not, `reason` goes on after "line N of its journal".
static int check_line(const struct report *report, const struct line *line,
                      struct reason *reason)
{
    const char *schema = line->schema == NULL ? "none" : line->schema;
    const char *session = line->session == NULL ? "unknown" : line->session;
    if (strcmp(schema, JOURNAL_SCHEMA) != 0)
        return reason_set(reason, -EBADMSG,
                          "is of the schema '%.40s', and this version reads "
                          "'" JOURNAL_SCHEMA "'",
                          schema);
    if (report->started_utc == NULL || strcmp(session, report->started_utc) != 0)
        return reason_set(reason, -EBADMSG, "belongs to another session, that of %.40s",
                          session);
    return 0;
}

static int replay_line(struct report *report, json_t *json, struct reason *reason)
{
    struct line line;
    members_read(json, &line_members, &line);
    int error = check_line(report, &line, reason);
    if (error != 0)
        return error;
    const char *id = line.table == NULL ? "" : line.table;
    struct report_table *table = report_find_table(report, id);
    if (table == NULL)
        return reason_set(reason, -EBADMSG, "is of a table that is not there: '%.80s'",
                          id);
    double number = read_block(line.block).number;
    if (number >= 1 && number <= (double)table->block_count)
        return 0; // the report was saved after that
    if (number != (double)table->block_count + 1)
        return reason_set(reason, -EBADMSG, "is not block %zu of '%.80s'",
                          table->block_count + 1, id);
    if (table->block_count == REPORT_BLOCKS_MAX)
        return reason_set(reason, -EBADMSG, "makes more than %d blocks of '%.80s'",
                          REPORT_BLOCKS_MAX, id);
    report_keep_json(report, json_incref(json));
    return replay_block(report, table, json, &line, reason);
}

static int replay_text(struct report *report, const char *text, size_t size,
                       unsigned number, struct reason *reason)
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

int journal_replay(FILE *journal, struct report *report, struct reason *reason)
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
