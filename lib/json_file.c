// SPDX-License-Identifier: MIT
//
// Whole files or none: see json_file.h.
#define _GNU_SOURCE // realpath(), mkstemps(), fwrite_unlocked(), memmem()
#include "lib/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Reports and records need no more than this many significant digits: a double has 17.
#define JSON_DIGITS JSON_REAL_PRECISION(15)
#define JSON_STYLE  (JSON_INDENT(1) | JSON_DIGITS)

#define JSON_FLAGS JSON_REJECT_DUPLICATES // the last of two would count without a word

static int not_json(const char *named, const json_error_t *problem, struct reason *reason)
{
    bool cut = json_error_code(problem) == json_error_premature_end_of_input;
    return reason_set(reason, -EBADMSG,
                      "'%s' is not valid JSON: %s at line %d, column %d%s", named,
                      problem->text, problem->line, problem->column,
                      cut ? " (is it cut short?)" : "");
}

int json_text_load(const char *text, size_t size, const char *named, json_t **json,
                   struct reason *reason)
{
    json_error_t problem;
    *json = json_loadb(text, size, JSON_FLAGS, &problem);
    return *json != NULL ? 0 : not_json(named, &problem, reason);
}

// ---- reading -----------------------------------------------------------------------

#define PIECE_BYTES ((size_t)1 << 20)
#define WAIT_MS     10000 // for whoever should write into a pipe

// A file on its way to jansson. It is read piece by piece, and never waited for without
// end: it may be a pipe.
struct input {
    int fd;
    char *piece;    // PIECE_BYTES
    size_t size;    // bytes in it
    size_t used;    // of them, those that jansson has
    uint64_t given; // bytes that jansson has, of all pieces
    int error;      // errno of the first read that failed, or 0
};

// Up to `size` bytes; 0 at the end, or after an error. A file is always ready.
static size_t input_read(struct input *input, char *bytes, size_t size)
{
    struct pollfd ready = {.fd = input->fd, .events = POLLIN};
    int found = poll(&ready, 1, WAIT_MS);
    ssize_t count = found > 0 ? read(input->fd, bytes, size) : -1;
    if (count >= 0)
        return (size_t)count;
    input->error = found == 0 ? ETIMEDOUT : errno;
    return 0;
}

// The next piece: as much as there is, PIECE_BYTES at most.
static void input_fill(struct input *input)
{
    size_t count;
    input->size = 0;
    input->used = 0;
    do {
        count = input_read(input, input->piece + input->size, PIECE_BYTES - input->size);
        input->size += count;
    } while (count > 0 && input->size < PIECE_BYTES);
}

static size_t input_give(void *buffer, size_t size, void *data)
{
    struct input *input = data;
    if (input->used == input->size)
        input_fill(input);
    size_t left = input->size - input->used;
    size_t count = size < left ? size : left;
    memcpy(buffer, input->piece + input->used, count);
    input->used += count;
    input->given += count;
    return input->error == 0 && input->given <= JSON_FILE_BYTES_MAX ? count : 0;
}

static int too_large(const char *path, struct reason *reason)
{
    return reason_set(reason, -EFBIG,
                      "'%.300s' is larger than 1 GiB, which no file of quartet is", path);
}

static int cannot_read(const char *path, int error, struct reason *reason)
{
    if (error == ETIMEDOUT)
        return reason_set(reason, -error, "cannot read '%.300s': nothing came for %d s",
                          path, WAIT_MS / 1000);
    return reason_set(reason, -error, "cannot read '%s': %s", path, strerror(error));
}

// Reads the first piece, and looks for the schema if that is not all.
static int input_begin(struct input *input, const char *path, const char *schema,
                       struct reason *reason)
{
    struct stat status;
    if (fstat(input->fd, &status) == 0 && S_ISREG(status.st_mode) &&
        (uint64_t)status.st_size > JSON_FILE_BYTES_MAX)
        return too_large(path, reason);
    input_fill(input);
    if (input->error != 0)
        return cannot_read(path, input->error, reason);
    if (schema != NULL && input->size == PIECE_BYTES &&
        memmem(input->piece, PIECE_BYTES, schema, strlen(schema)) == NULL)
        return reason_set(reason, -EBADMSG,
                          "'%.300s' is large, and no file of quartet: its first MiB does "
                          "not name the schema '%s'",
                          path, schema);
    return 0;
}

static int input_parse(struct input *input, const char *path, json_t **json,
                       struct reason *reason)
{
    json_error_t problem;
    *json = json_load_callback(input_give, input, JSON_FLAGS, &problem);
    if (*json != NULL)
        return 0;
    if (input->error != 0)
        return cannot_read(path, input->error, reason);
    return input->given > JSON_FILE_BYTES_MAX ? too_large(path, reason)
                                              : not_json(path, &problem, reason);
}

// A tree takes up to 75 times as many bytes as its text: nothing large is parsed that is
// not what it should be, and nothing without end.
int json_file_load_schema(const char *path, const char *schema, json_t **json,
                          struct reason *reason)
{
    int error;
    // To open a pipe would wait for its writer.
    struct input input = {.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    *json = NULL;
    if (input.fd < 0)
        return cannot_read(path, errno, reason);
    input.piece = malloc(PIECE_BYTES);
    error = input.piece == NULL ? cannot_read(path, ENOMEM, reason)
                                : input_begin(&input, path, schema, reason);
    if (error == 0)
        error = input_parse(&input, path, json, reason);
    close(input.fd);
    free(input.piece);
    return error;
}

int json_file_load(const char *path, json_t **json, struct reason *reason)
{
    return json_file_load_schema(path, NULL, json, reason);
}

// ---- writing -----------------------------------------------------------------------

// A text in the making, and its printer.
struct content {
    void (*write)(FILE *file, const void *what);
    const void *what;
    bool synced; // wait until the disk has it
};

// Flushes and closes. Errors of delayed writes show up here and only here; `error` is
// that of an earlier one, or 0. What is no file on a disk cannot be synced: EINVAL.
static int file_finish(FILE *file, bool synced, int error)
{
    if (fflush(file) != 0 || (synced && fsync(fileno(file)) != 0 && errno != EINVAL))
        error = error != 0 ? error : errno;
    if (fclose(file) != 0 && error == 0)
        error = errno;
    return -error;
}

// Makes "PATH.quartet-XXXXXX.tmp" beside the target, so that the rename stays in one file system.
static FILE *file_begin(const char *path, char *temporary, size_t size)
{
    int length =
        snprintf(temporary, size,
                 "%s" JSON_FILE_TEMPORARY "XXXXXX" JSON_FILE_TEMPORARY_END, path);
    if (length < 0 || (size_t)length >= size) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    int fd = mkstemps(temporary, (int)strlen(JSON_FILE_TEMPORARY_END));
    if (fd < 0)
        return NULL;
    FILE *file = fdopen(fd, "w");
    if (file == NULL) {
        int error = errno;
        close(fd);
        unlink(temporary);
        errno = error;
    }
    return file;
}

// Writes, flushes and closes. 0 or -errno.
static int file_fill(FILE *file, const struct content *content)
{
    errno = 0;
    content->write(file, content->what);
    int failed = !ferror(file) ? 0 : errno != 0 ? errno : EIO; // why, while errno knows
    return file_finish(file, content->synced, failed);
}

// A device or a pipe, such as /dev/null: to rename a file over it would remove it.
static int save_in_place(const char *path, const struct content *content)
{
    FILE *file = fopen(path, "we");
    return file == NULL ? -errno : file_fill(file, content);
}

static int print_content(const struct content *content)
{
    content->write(stdout, content->what);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : -errno;
}

// A name belongs to its folder: only when that is on the disk, too, does the new file
// outlast a power failure. Folders that cannot be opened or synced have to do without.
static void folder_sync(const char *path)
{
    char folder[4096];
    int fd = open(json_file_folder(path, folder, sizeof folder),
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static int save_by_rename(const char *path, const struct content *content)
{
    char temporary[4096];
    FILE *file = file_begin(path, temporary, sizeof temporary);
    if (file == NULL)
        return -errno;
    // mkstemp gives 0600; a report is as public as any other file that the user makes.
    mode_t mask = umask(0);
    umask(mask);
    int error = fchmod(fileno(file), 0666 & ~mask) == 0 ? 0 : -errno;
    int filled = file_fill(file, content);
    if (error == 0)
        error = filled;
    if (error == 0 && rename(temporary, path) != 0)
        error = -errno;
    if (error != 0)
        unlink(temporary);
    else if (content->synced)
        folder_sync(path);
    return error;
}

static int save(const char *path, const struct content *content, struct reason *reason)
{
    struct stat status;
    int error = json_file_is_ours(path, reason);
    if (error != 0)
        return error;
    char *target = realpath(path, NULL); // a link stays, what it points to is replaced
    bool in_place = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    if (strcmp(path, JSON_FILE_STDOUT) == 0)
        error = print_content(content);
    else
        error = in_place ? save_in_place(path, content)
                         : save_by_rename(target != NULL ? target : path, content);
    free(target);
    if (error == 0)
        return 0;
    return reason_set(reason, error, "cannot write '%s': %s", path, strerror(-error));
}

// jansson prints piece by piece, and most are a few bytes long: to lock the file for each
// would take longer than the rest.
static int print_piece(const char *piece, size_t size, void *file)
{
    return fwrite_unlocked(piece, 1, size, file) == size ? 0 : -1;
}

void json_print_style(FILE *file, const json_t *content, size_t style)
{
    flockfile(file);
    if (json_dump_callback(content, print_piece, file, style) == 0)
        fputc('\n', file);
    funlockfile(file);
}

void json_file_print(FILE *file, const json_t *content)
{
    json_print_style(file, content, JSON_STYLE);
}

static void print_json(FILE *file, const void *json)
{
    json_file_print(file, json);
}

int json_file_save(const char *path, const json_t *json, struct reason *reason)
{
    return text_file_save(path, print_json, json, reason);
}

int json_file_save_unsynced(const char *path, const json_t *json, struct reason *reason)
{
    const struct content content = {print_json, json, false};
    return save(path, &content, reason);
}

int text_file_save(const char *path, void (*write)(FILE *file, const void *content),
                   const void *content, struct reason *reason)
{
    const struct content whole = {write, content, true};
    return save(path, &whole, reason);
}

// ---- lines -------------------------------------------------------------------------

// A file of another length than it should have is not ours any more.
static int line_write(int fd, uint64_t begin, const char *text, size_t size)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return -errno;
    if ((uint64_t)status.st_size != begin)
        return -ESTALE;
    ssize_t written = write(fd, text, size);
    if (written < 0)
        return -errno;
    if ((size_t)written != size)
        return -ENOSPC;
    return fdatasync(fd) == 0 ? 0 : -errno;
}

int json_line_append(const char *path, uint64_t *size, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_DIGITS);
    if (text == NULL)
        return -ENOMEM;
    size_t length = strlen(text);
    text[length++] = '\n'; // in place of its end
    int create = *size == 0 ? O_CREAT | O_EXCL : 0;
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | create, 0666);
    int error = fd < 0 ? -errno : line_write(fd, *size, text, length);
    if (fd >= 0)
        close(fd);
    free(text);
    if (error != 0)
        return error;
    if (*size == 0)
        folder_sync(path);
    *size += length;
    return 0;
}
