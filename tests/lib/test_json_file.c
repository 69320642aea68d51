// SPDX-License-Identifier: MIT
//
// test_json_file.c - files are complete or not there: round trip, a full disk, a
// folder that cannot be written, JSON that is cut short. What is no file stays. A line is
// added, or one is told that it was not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/json_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/quartet-test-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/file.json", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); // fails, and with it the group, if anything was left behind
}

static size_t files_in_folder(void)
{
    size_t files = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory))
        files += entry->d_name[0] != '.';
    closedir(directory);
    return files;
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void test_round_trip(void **state)
{
    struct reason reason;
    json_t *again = NULL;
    (void)state;
    json_t *json = json_pack("{s:s, s:I, s:f, s:n}", "text", "\xc3\xa4 \"quoted\"\n",
                             "big", (json_int_t)INT64_MAX, "real", 0.1, "nothing");
    assert_int_equal(json_file_save(path, json, &reason), 0);
    assert_int_equal(json_file_load(path, &again, &reason), 0);
    assert_true(json_equal(json, again));
    assert_int_equal(files_in_folder(), 1);
    json_decref(json);
    json_decref(again);
}

static void test_public_mode(void **state)
{
    struct reason reason;
    struct stat status;
    (void)state;
    mode_t mask = umask(027);
    json_t *json = json_object();
    assert_int_equal(json_file_save(path, json, &reason), 0);
    umask(mask);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    json_decref(json);
}

static void test_cut_short(void **state)
{
    struct reason reason;
    json_t *json;
    (void)state;
    write_text("{\"schema\": \"quartet.run/1\",\n \"status\": \"o");
    assert_int_equal(json_file_load(path, &json, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, path));
    assert_non_null(strstr(reason.text, "line 2"));
    write_text("");
    assert_int_equal(json_file_load(path, &json, &reason), -EBADMSG);
    write_text("{\"a\": 1, \"a\": 2}");
    assert_int_equal(json_file_load(path, &json, &reason), -EBADMSG);
}

// A file of a little more than a MiB: `first`, blanks, `last`.
static void write_large(const char *first, const char *last)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s%*s%s", first, (1 << 20) + 100, "", last);
    fclose(file);
}

static void test_large(void **state)
{
    struct reason reason;
    json_t *json;
    (void)state;
    const char *const schema = "quartet.plan/";
    write_large("{\"a\": 1,", "\"schema\": \"quartet.plan/1\"}");
    assert_int_equal(json_file_load_schema(path, schema, &json, &reason), -EBADMSG);
    assert_null(json);
    assert_non_null(strstr(reason.text, "does not name the schema 'quartet.plan/'"));
    assert_int_equal(json_file_load(path, &json, &reason), 0);
    json_decref(json);
    write_large("{\"schema\": \"quartet.plan/1\",", "\"a\": 1}");
    assert_int_equal(json_file_load_schema(path, schema, &json, &reason), 0);
    assert_int_equal(json_integer_value(json_object_get(json, "a")), 1);
    json_decref(json);
    assert_int_equal(truncate(path, (off_t)JSON_FILE_BYTES_MAX + 1), 0);
    assert_int_equal(json_file_load_schema(path, schema, &json, &reason), -EFBIG);
    assert_int_equal(json_file_load_schema(".", schema, &json, &reason), -EISDIR);
    assert_int_equal(json_file_load(".", &json, &reason), -EISDIR);
}

// Removes leftovers of a killed program, and nothing else.
static void test_clean(void **state)
{
    char half[120];
    char other[120];
    (void)state;
    write_text("{}");
    snprintf(half, sizeof half, "%s.quartet-Ab12Cd.tmp", path);
    snprintf(other, sizeof other, "%s.quartet-notes", path);
    assert_int_equal(link(path, half), 0);
    assert_int_equal(link(path, other), 0);
    json_file_clean(path);
    assert_int_equal(access(half, F_OK), -1);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(unlink(other), 0);
    json_file_clean("/nowhere/at/all");
}

static void test_missing_file(void **state)
{
    struct reason reason;
    json_t *json;
    (void)state;
    assert_int_equal(json_file_load("/nowhere/at/all", &json, &reason), -ENOENT);
    assert_non_null(strstr(reason.text, "/nowhere/at/all"));
}

static void test_unwritable_folder(void **state)
{
    struct reason reason;
    json_t *json = json_object();
    (void)state;
    assert_int_equal(json_file_save("/nowhere/file.json", json, &reason), -ENOENT);
    assert_non_null(strstr(reason.text, "/nowhere/file.json"));
    assert_true(json_file_save("/proc/file.json", json, &reason) < 0);
    json_decref(json);
}

// A limit on the size of files cuts a write just like a full disk. The old file stays.
static void test_failed_write(void **state)
{
    struct reason reason;
    struct rlimit before;
    json_t *old = json_pack("{s:s}", "is", "old");
    json_t *large = json_array();
    json_t *now;
    (void)state;
    for (int i = 0; i < 10000; i++)
        json_array_append_new(large, json_integer(i));
    assert_int_equal(json_file_save(path, old, &reason), 0);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE,
              &(const struct rlimit){.rlim_cur = 8192, .rlim_max = before.rlim_max});
    int error = json_file_save(path, large, &reason);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_true(error < 0);
    assert_non_null(strstr(reason.text, path));
    assert_int_equal(files_in_folder(), 1);
    assert_int_equal(json_file_load(path, &now, &reason), 0);
    assert_true(json_equal(now, old));
    json_decref(now);
    json_decref(old);
    json_decref(large);
}

static void test_lines(void **state)
{
    (void)state;
    uint64_t size = 0;
    unlink(path);
    json_t *content = json_pack("{s:[i, f]}", "a\nb", 1, 0.1);
    const char *const wanted = "{\"a\\nb\":[1,0.1]}\n{\"a\\nb\":[1,0.1]}\n";
    char text[100] = "";
    assert_int_equal(json_line_append(path, &size, content), 0);
    assert_int_equal(json_line_append(path, &size, content), 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof text, file), size);
    fclose(file);
    assert_string_equal(text, wanted);
    // A file that is there already, has another length, or has vanished.
    uint64_t none = 0;
    uint64_t other = size - 1;
    assert_int_equal(json_line_append(path, &none, content), -EEXIST);
    assert_int_equal(json_line_append(path, &other, content), -ESTALE);
    unlink(path);
    assert_int_equal(json_line_append(path, &size, content), -ENOENT);
    assert_int_equal(files_in_folder(), 0);
    json_decref(content);
}

// A line that did not fit stands there half, and nothing may follow it.
static void test_torn_line(void **state)
{
    (void)state;
    struct rlimit before;
    uint64_t size = 0;
    json_t *content = json_pack("[s]", "0123456789012345678901234567");
    unlink(path);
    assert_int_equal(json_line_append(path, &size, content), 0);
    const uint64_t whole = size;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE,
              &(const struct rlimit){.rlim_cur = 40, .rlim_max = before.rlim_max});
    int torn = json_line_append(path, &size, content);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(torn, -ENOSPC);
    assert_int_equal(json_line_append(path, &size, content), -ESTALE);
    assert_int_equal(size, whole);
    json_decref(content);
}

// A pipe is written into; to put a file in its place would take it from its owner.
static void test_pipe(void **state)
{
    struct reason reason;
    struct stat status;
    char text[64] = "";
    char pipe_path[80];
    (void)state;
    snprintf(pipe_path, sizeof pipe_path, "%s/pipe", folder);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    int fd = open(pipe_path, O_RDWR | O_CLOEXEC); // a reader, and open() will not wait
    json_t *json = json_pack("[i]", 4711);
    assert_int_equal(json_file_save(pipe_path, json, &reason), 0);
    assert_true(read(fd, text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "4711"));
    assert_int_equal(lstat(pipe_path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    json_decref(json);
    close(fd);
    unlink(pipe_path);
}

// The file behind a link is replaced, the link stays.
static void test_link(void **state)
{
    struct reason reason;
    struct stat status;
    char link_path[80];
    json_t *now;
    (void)state;
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    write_text("{}");
    assert_int_equal(symlink("file.json", link_path), 0);
    json_t *json = json_pack("[i]", 4711);
    assert_int_equal(json_file_save(link_path, json, &reason), 0);
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(json_file_load(path, &now, &reason), 0);
    assert_true(json_equal(now, json));
    json_decref(now);
    json_decref(json);
    unlink(link_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_public_mode),
        cmocka_unit_test(test_cut_short),    cmocka_unit_test(test_large),
        cmocka_unit_test(test_clean),        cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_failed_write), cmocka_unit_test(test_unwritable_folder),
        cmocka_unit_test(test_lines),        cmocka_unit_test(test_torn_line),
        cmocka_unit_test(test_pipe),         cmocka_unit_test(test_link),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
