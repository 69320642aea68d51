// SPDX-License-Identifier: MIT
//
// plain.c - see plain.h.
#include "lib/plain.h"

#include <stdarg.h>
#include <string.h>

uint32_t plain_letter(const char *text, size_t *size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char first = bytes[0];
    *size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : 4;
    if (*size == 4 && first >> 3 != 30) {
        *size = 1;
        return UINT32_MAX;
    }
    uint32_t letter = *size == 1 ? first : first & (0x7fU >> *size);
    for (size_t i = 1; i < *size; i++) {
        if (bytes[i] >> 6 != 2) {
            *size = 1;
            return UINT32_MAX;
        }
        letter = letter << 6 | (bytes[i] & 0x3fU);
    }
    bool fits = letter >= least[*size] && letter <= 0x10ffff && letter >> 11 != 0x1b;
    return fits ? letter : UINT32_MAX;
}

bool plain_is_harmful(uint32_t letter)
{
    return letter < 0x20 || (letter >= 0x7f && letter < 0xa0) || letter == 0x061c ||
           letter == 0x200e || letter == 0x200f ||
           (letter >= 0x2028 && letter <= 0x202e) ||
           (letter >= 0x2066 && letter <= 0x2069) || letter == 0xfeff ||
           (letter & 0xfffe) == 0xfffe || letter > 0x10ffff;
}

void plain_copy(char *text, size_t size, const char *from)
{
    size_t length = 0;
    size_t bytes;
    for (from = from == NULL ? "?" : from; *from != '\0'; from += bytes) {
        bool harmful = plain_is_harmful(plain_letter(from, &bytes));
        size_t needed = harmful ? 1 : bytes;
        if (length + needed >= size)
            break;
        if (harmful)
            text[length] = '?';
        else
            memmove(text + length, from, bytes);
        length += needed;
    }
    text[length] = '\0';
}

void plain_print(FILE *file, const char *text)
{
    size_t bytes;
    for (; *text != '\0'; text += bytes) {
        if (plain_is_harmful(plain_letter(text, &bytes)))
            fputc('?', file);
        else
            fwrite(text, 1, bytes, file);
    }
}

void plain_line(FILE *file, const char *format, ...)
{
    char text[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    plain_print(file, text);
    fputc('\n', file);
}
