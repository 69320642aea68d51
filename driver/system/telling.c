// SPDX-License-Identifier: MIT
//
// telling.c - see telling.h.
#define _GNU_SOURCE // strcasestr()
#include "driver/system/telling.h"

#include "lib/check.h"
#include "lib/plain.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/statvfs.h>

#define LINE_SIZE 1024

// Words that stand by themselves: "-Werror" and "error.o" are no errors.
static const char *const failures[] = {"error", "fatal", "undefined reference", "killed"};
// Words of the system for a call that failed, and of shells for a program that is not there.
static const char *const causes[] = {"not found",         "no space left", "no such file",
                                     "permission denied", "not permitted", "cannot ",
                                     "unable to ",        "out of memory"};

static bool is_part_of_word(char letter)
{
    return isalnum((unsigned char)letter) || strchr("-_./", letter) != NULL;
}

static bool has_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strcasestr(line, word); at != NULL;
         at = strcasestr(at + 1, word)) {
        bool begins = at == line || !is_part_of_word(at[-1]);
        if (begins && (at[length] == '\0' || !is_part_of_word(at[length])))
            return true;
    }
    return false;
}

static bool tells(const char *line)
{
    if (has_word(line, "warning")) // of a compiler, which has gone on
        return false;
    for (size_t i = 0; i < ARRAY_LEN(failures); i++)
        if (has_word(line, failures[i]))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(causes); i++)
        if (strcasestr(line, causes[i]) != NULL)
            return true;
    return false;
}

// make only says that there was something.
static bool says_nothing(const char *line)
{
    return line[strspn(line, " \t")] == '\0' || strncmp(line, "make: ", 6) == 0 ||
           strncmp(line, "make[", 5) == 0;
}

void telling_line(FILE *file, char *line, size_t size)
{
    char text[LINE_SIZE];
    char make[LINE_SIZE] = "it said nothing";
    bool told = false;
    line[0] = '\0';
    while (!told && fgets(text, sizeof text, file) != NULL) {
        text[strcspn(text, "\r\n")] = '\0';
        const char *words = text + strspn(text, " \t");
        if (says_nothing(text)) {
            if (words[0] != '\0')
                memcpy(make, text, sizeof text);
            continue;
        }
        told = tells(text);
        plain_copy(line, size, words);
    }
    if (line[0] == '\0') // better than nothing: "No rule to make target"
        plain_copy(line, size, make);
}

void telling_line_in(const char *text, char *line, size_t size)
{
    size_t length = strlen(text);
    FILE *file = fmemopen((void *)(uintptr_t)text, length == 0 ? 1 : length, "r");
    snprintf(line, size, "it said nothing");
    if (file == NULL)
        return;
    telling_line(file, line, size);
    fclose(file);
}

static bool disk_is_full(const char *path)
{
    struct statvfs status;
    return statvfs(path, &status) == 0 && status.f_bavail == 0;
}

void telling_line_of(const char *path, char *line, size_t size)
{
    FILE *file = fopen(path, "re");
    snprintf(line, size, "it said nothing");
    if (file == NULL)
        return;
    bool empty = fgetc(file) == EOF;
    rewind(file);
    if (empty && disk_is_full(path))
        snprintf(line, size, "no space is left for '%.200s', where its messages go",
                 path);
    else
        telling_line(file, line, size);
    fclose(file);
}
