// SPDX-License-Identifier: MIT
//
// Requests, by callbacks of llhttp: see http.h. The functions stand in the order in which
// the parser calls them.
//
// Read next: site.c.
#include "workloads/serve/http.h"

#include <string.h>

// Any other value than these two of llhttp_errno_t stops the parser as well.
enum { GO_ON = HPE_OK, STOP = HPE_USER };

static struct http *http_of(llhttp_t *parser)
{
    return (struct http *)(void *)parser;
}

static int refuse(struct http *http, uint16_t status)
{
    http->status = status;
    return STOP;
}

// ---- words ---------------------------------------------------------------------------

static void word_add(struct http_word *word, const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (word->length >= HTTP_WORD_KEPT) {
            word->length = HTTP_WORD_KEPT + 1;
            return;
        }
        char c = at[i];
        word->text[word->length++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
}

static bool word_is(const struct http_word *word, const char *text)
{
    return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

// ---- the parts of a request ----------------------------------------------------------

static int on_begin(llhttp_t *parser)
{
    struct http *http = http_of(parser);
    http->begun = true;
    http->keep_alive = false;
    http->expects = false;
    http->continue_due = false;
    http->hosts = 0;
    http->idle_bytes = 0;
    http->head_bytes = 0;
    http->body_bytes = 0;
    http->target_length = 0;
    http->name.length = 0;
    http->value.length = 0;
    return GO_ON;
}

static int on_target(llhttp_t *parser, const char *at, size_t length)
{
    struct http *http = http_of(parser);
    if (length > HTTP_TARGET_MAX - http->target_length)
        return refuse(http, 414);
    size_t kept = http->target_length;
    if (kept < HTTP_TARGET_KEPT) {
        size_t room = HTTP_TARGET_KEPT - kept;
        memcpy(http->target + kept, at, length < room ? length : room);
    }
    http->target_length += (uint32_t)length;
    return GO_ON;
}

static int head_grows(struct http *http, size_t length)
{
    if (length > HTTP_HEAD_MAX - http->head_bytes)
        return refuse(http, 431);
    http->head_bytes += (uint32_t)length;
    return GO_ON;
}

static int on_name(llhttp_t *parser, const char *at, size_t length)
{
    struct http *http = http_of(parser);
    word_add(&http->name, at, length);
    return head_grows(http, length);
}

static int on_name_end(llhttp_t *parser)
{
    struct http *http = http_of(parser);
    http->field = FIELD_OTHER;
    if (word_is(&http->name, "host"))
        http->field = FIELD_HOST;
    else if (word_is(&http->name, "expect"))
        http->field = FIELD_EXPECT;
    else if (word_is(&http->name, "transfer-encoding"))
        http->field = FIELD_TRANSFER_ENCODING;
    http->name.length = 0;
    return head_grows(http, sizeof ": \r\n" - 1); // which are part of no span
}

static int on_value(llhttp_t *parser, const char *at, size_t length)
{
    struct http *http = http_of(parser);
    if (http->field == FIELD_EXPECT || http->field == FIELD_TRANSFER_ENCODING)
        word_add(&http->value, at, length);
    return head_grows(http, length);
}

// A coding that this server does not know is answered by 501; that "chunked" must be the
// last one, and alone decides the length, is what llhttp insists on.
static int on_value_end(llhttp_t *parser)
{
    struct http *http = http_of(parser);
    uint16_t status = 0;
    if (http->field == FIELD_HOST && http->hosts < UINT8_MAX)
        http->hosts++;
    if (http->field == FIELD_EXPECT) {
        http->expects = word_is(&http->value, "100-continue");
        status = http->expects ? 0 : 417;
    }
    if (http->field == FIELD_TRANSFER_ENCODING && !word_is(&http->value, "chunked"))
        status = 501;
    http->value.length = 0;
    return status != 0 ? refuse(http, status) : GO_ON;
}

static int on_head_end(llhttp_t *parser)
{
    struct http *http = http_of(parser);
    bool has_body = parser->content_length > 0 || (parser->flags & F_CHUNKED) != 0;
    bool codings = (parser->flags & F_TRANSFER_ENCODING) != 0;
    if (parser->http_major != 1)
        return refuse(http, 505);
    if (http->hosts > 1 || (http->hosts == 0 && parser->http_minor > 0))
        return refuse(http, 400);
    if (codings && parser->http_minor == 0) // RFC 9112, section 6.1: faulty framing
        return refuse(http, 400);
    if (parser->method == HTTP_CONNECT)
        return refuse(http, 501);
    if (parser->content_length > HTTP_BODY_MAX)
        return refuse(http, 413);
    http->continue_due = http->expects && has_body && parser->http_minor > 0;
    parser->upgrade = 0; // an offer, which is declined by going on as before
    return 0;
}

static int body_grows(llhttp_t *parser, const char *at, size_t length)
{
    (void)at;
    struct http *http = http_of(parser);
    if (length > HTTP_BODY_MAX - http->body_bytes)
        return refuse(http, 413);
    http->body_bytes += (uint32_t)length;
    http->continue_due = false; // it did not wait
    return GO_ON;
}

// The framing of a chunk costs as much as its bytes: a body of one-byte chunks is long, too.
static int on_chunk(llhttp_t *parser)
{
    return body_grows(parser, NULL, sizeof "0\r\n\r\n" - 1);
}

static int on_end(llhttp_t *parser)
{
    struct http *http = http_of(parser);
    http->begun = false;
    http->continue_due = false;
    http->keep_alive = llhttp_should_keep_alive(parser) != 0;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_message_begin = on_begin,
    .on_url = on_target,
    .on_header_field = on_name,
    .on_header_field_complete = on_name_end,
    .on_header_value = on_value,
    .on_header_value_complete = on_value_end,
    .on_headers_complete = on_head_end,
    .on_chunk_extension_name = body_grows,
    .on_chunk_extension_value = body_grows,
    .on_chunk_header = on_chunk,
    .on_body = body_grows,
    .on_message_complete = on_end,
};

// ---- the whole -----------------------------------------------------------------------

void http_init(struct http *http)
{
    memset(http, 0, sizeof *http);
    llhttp_init(&http->parser, HTTP_REQUEST, &settings);
}

// The status of the refusal, when the parser has found no request.
static uint16_t status_of(llhttp_errno_t error)
{
    switch (error) {
    case HPE_INVALID_METHOD:
        return 501;
    case HPE_INVALID_VERSION:
    case HPE_PAUSED_H2_UPGRADE: // the preface of HTTP/2, which nobody has offered
        return 505;
    default:
        return 400;
    }
}

enum http_step http_take(struct http *http, const char *bytes, size_t length,
                         size_t *used)
{
    llhttp_errno_t error = llhttp_execute(&http->parser, bytes, length);
    *used = length;
    if (error == HPE_PAUSED) {
        *used = (size_t)(llhttp_get_error_pos(&http->parser) - bytes);
        llhttp_resume(&http->parser);
        return HTTP_COMPLETE;
    }
    if (error == HPE_OK && !http->begun) {
        http->idle_bytes += (uint32_t)length;
        if (http->idle_bytes > HTTP_WORD_KEPT)
            http->status = 400;
    }
    if (error != HPE_OK && http->status == 0)
        http->status = status_of(error);
    return http->status != 0 ? HTTP_REFUSED : HTTP_MORE;
}

const char *http_reason(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 417:
        return "Expectation Failed";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Error";
    }
}
