// SPDX-License-Identifier: MIT
//
// json_file.h - files that are either complete or not there. A file is written under
// a temporary name in the same folder, flushed to the disk, and then renamed: whoever
// reads it, even after a crash, sees the old one or the new one, never half of one.
// Only what is no file, such as a pipe or /dev/null, is written in place, and "-" is the
// standard output. Nothing is written over that belongs to another user. What grows bit
// by bit is a file of JSON lines, to which one line at a time is added.
#ifndef QUARTET_LIB_JSON_FILE_H
#define QUARTET_LIB_JSON_FILE_H

#include "lib/error.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

// The parts of a temporary name behind the name of the file, around six letters. Only a
// program that was killed leaves such a file behind.
#define JSON_FILE_TEMPORARY     ".quartet-"
#define JSON_FILE_TEMPORARY_END ".tmp"

// The name that stands for the standard output, where a file is to be written.
#define JSON_FILE_STDOUT "-"

// No file is read that is larger, and of what is no file no more: a report of 10,000 runs
// has some 200 MB.
#define JSON_FILE_BYTES_MAX (UINT64_C(1) << 30)

// Reads a whole JSON file. The caller owns *json, which is NULL after an error. -errno
// when it cannot be read, -ETIMEDOUT when nothing comes through a pipe for 10 s, -EFBIG,
// -EBADMSG when it is not JSON (cut short, for example); the reason names file, line and
// column.
int json_file_load(const char *path, json_t **json, struct reason *reason);

// The same for what somebody names: it may be anything. Where more than 1 MiB follows,
// `schema` ("quartet.report/") must stand in the first one, else -EBADMSG at once. All
// files of this project begin with it.
int json_file_load_schema(const char *path, const char *schema, json_t **json,
                          struct reason *reason);

// The same for text in memory; `named` is what the reason calls it.
int json_text_load(const char *text, size_t size, const char *named, json_t **json,
                   struct reason *reason);

// Writes `json` with indentation and keys in the order of insertion. -errno with the
// reason, and nothing is left behind.
int json_file_save(const char *path, const json_t *json, struct reason *reason);

// The same without waiting for the disk: complete or not there after a crash of the
// program, but perhaps not of the machine. For what is written while a stop-watch runs.
int json_file_save_unsynced(const char *path, const json_t *json, struct reason *reason);

// Removes what killed programs have left half written beside the file at `path`. Only for
// whoever knows that nobody is writing it now, as the holder of a lock does.
void json_file_clean(const char *path);

// Is what stands there ours to replace? 0, also where nothing does; -EPERM: it is a file of
// another user, or a link that another user has put there. Asked before anything is written.
int json_file_is_ours(const char *path, struct reason *reason);

// The folder of a file, as text that can be opened; `folder` has room for `size` bytes.
const char *json_file_folder(const char *path, char *folder, size_t size);

// Can a file be made at this path, as far as one can know before, and is what stands there
// ours? 0, or -errno with the reason. For what is only written after long work.
int json_file_check_place(const char *path, struct reason *reason);

// Prints it as json_file_save() does; ferror() tells whether that failed.
void json_file_print(FILE *file, const json_t *content);

// The same by other flags of json_dumps(): see json_compact.h.
void json_print_style(FILE *file, const json_t *content, size_t style);

// The same as json_file_save() for any text: `write` prints `content` into the file.
int text_file_save(const char *path, void (*write)(FILE *file, const void *content),
                   const void *content, struct reason *reason);

// Adds `json` as one line to the file, which is *size bytes long (0: it is made, and must
// not be there), by one write, and waits until the disk has it. 0, and *size has grown; or
// -errno, among them -ESTALE: the file has another size. Then half a line may stand at its
// end, and nothing may be added any more.
int json_line_append(const char *path, uint64_t *size, const json_t *json);

#endif
