// SPDX-License-Identifier: MIT
//
// plain.h - text of others (of reports, runners, builds, helpers) on its way to people, logs,
// CSV, XML, pages and annotations. Whatever could play tricks there is replaced: control
// characters (C0, C1), what turns the direction of writing, the separators of lines and
// paragraphs, what is no character (U+FFFE), and bytes that are no UTF-8 at all.
//
// One place decides what is harmless; a writer that has to escape letters besides, as XML has,
// reads letter by letter.
#ifndef QUARTET_LIB_PLAIN_H
#define QUARTET_LIB_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// The letter of UTF-8 (RFC 3629) at `text`, which is not at its end, and its bytes in *size;
// UINT32_MAX and one byte: it is none.
uint32_t plain_letter(const char *text, size_t *size);

bool plain_is_harmful(uint32_t letter);

// Copies `from`, cut to size at a letter, with '?' in place of whatever is harmful. `text` may
// be `from` itself; NULL, a text that is not known, is "?".
void plain_copy(char *text, size_t size, const char *from);

// Prints it, however long it is.
void plain_print(FILE *file, const char *text);

// printf() of one line, cut at 2000 bytes; its end is added.
void plain_line(FILE *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
