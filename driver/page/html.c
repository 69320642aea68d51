// SPDX-License-Identifier: MIT
//
// html.c - see html.h.
#include "driver/page/html.h"

#include "lib/plain.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// ---- letters -----------------------------------------------------------------------

static const char *escape_of(uint32_t letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return plain_is_harmful(letter) ? "\xef\xbf\xbd" : NULL;
    }
}

void html_text(FILE *file, const char *text)
{
    const char *at = text;
    size_t size = 0;
    for (; text != NULL && *at != '\0'; at += size) {
        const char *escape = escape_of(plain_letter(at, &size));
        if (escape != NULL)
            fputs(escape, file);
        else
            fwrite(at, 1, size, file);
    }
}

void html_format(FILE *file, const char *format, ...)
{
    char text[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    html_text(file, text);
}

// ---- tables ------------------------------------------------------------------------

void html_number(FILE *file, double value, const char *shown)
{
    if (!isfinite(value)) {
        fputs("<td>-</td>", file);
        return;
    }
    char digits[40]; // of which the samples have nine
    snprintf(digits, sizeof digits, "%.12g", value);
    if (strcmp(digits, shown) == 0) {
        fprintf(file, "<td>%s</td>", digits);
        return;
    }
    fprintf(file, "<td><data value=\"%s\">", digits);
    html_text(file, shown);
    fputs("</data></td>", file);
}

void html_cell(FILE *file, const char *text)
{
    fputs("<td>", file);
    html_text(file, text);
    fputs("</td>", file);
}

void html_row_head(FILE *file, const char *text)
{
    fputs("<th scope=\"row\">", file);
    html_text(file, text);
    fputs("</th>", file);
}

void html_table_open(FILE *file, const char *caption, const char *const heads[])
{
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", file);
    html_text(file, caption);
    fputs("\"><table><caption>", file);
    html_text(file, caption);
    fputs("</caption>\n<thead><tr>", file);
    for (size_t i = 0; heads[i] != NULL; i++) {
        fputs("<th scope=\"col\">", file);
        html_text(file, heads[i]);
        fputs("</th>", file);
    }
    fputs("</tr></thead>\n<tbody>\n", file);
}

void html_table_close(FILE *file)
{
    fputs("</tbody></table></div>\n", file);
}
