// SPDX-License-Identifier: MIT
//
// http.h - the request path of `serve`: bytes in, requests out; answers in, bytes out. It
// does no I/O and waits for nobody, so all models share this one object, and a test or a
// fuzzer can hand it any bytes.
//
// llhttp finds the parts of a message; what is left to a server by RFC 9112 is done here:
//
//   400  what is no HTTP, Host missing or twice, ambiguous lengths (sections 2.2, 3.2, 6.3)
//   408  the rest of a request did not come in time (RFC 9110, section 15.5.9)
//   413  a body above HTTP_BODY_MAX, announced or sent in chunks
//   414  a target above HTTP_TARGET_MAX (section 3)
//   417  an expectation other than 100-continue (RFC 9110, section 10.1.1)
//   431  header fields above HTTP_HEAD_MAX (RFC 6585, section 5)
//   501  a method that is unknown, or a transfer coding other than chunked (section 6.1)
//   503  the server is told to stop in the middle of a request (RFC 9110, section 15.6.4)
//   505  a major version other than 1 (RFC 9110, section 2.5)
//
// After each of these the connection ends: where the next request begins is not known.
//
// Source: R. Fielding, M. Nottingham, J. Reschke, RFC 9110 and RFC 9112, June 2022.
//
// Read next: site.h for the resources, session.h for what the models do with it.
#ifndef QUARTET_WORKLOADS_SERVE_HTTP_H
#define QUARTET_WORKLOADS_SERVE_HTTP_H

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_TARGET_MAX  8000    // bytes; RFC 9112, section 3, recommends as many
#define HTTP_TARGET_KEPT 128     // resources have shorter names
#define HTTP_HEAD_MAX    16384   // bytes of all header fields of a request, trailers too
#define HTTP_BODY_MAX    1048576 // bytes of a body, which is read and thrown away
#define HTTP_WORD_KEPT   24      // of names and values that are looked at

// Header fields that mean something to this server.
enum http_field {
    FIELD_OTHER,
    FIELD_HOST,
    FIELD_EXPECT,
    FIELD_TRANSFER_ENCODING,
};

struct http_word {
    uint8_t length; // HTTP_WORD_KEPT + 1: it was longer
    char text[HTTP_WORD_KEPT];
};

// One connection as the parser sees it. All fields are about the request that comes in.
struct http {
    llhttp_t parser;     // first: callbacks get a pointer to it
    bool begun;          // its first byte is here, its last is not
    bool keep_alive;     // the client wants to ask more on this connection
    bool expects;        // a field says so: "Expect: 100-continue"
    bool continue_due;   // the client waits for "100 Continue" before it sends the body
    uint8_t hosts;       // Host fields
    uint8_t field;       // enum http_field of the current one
    uint16_t status;     // why it is refused; 0: not so far
    uint32_t idle_bytes; // that came and began no request: empty lines
    uint32_t head_bytes;
    uint32_t body_bytes;
    uint32_t target_length; // of which HTTP_TARGET_KEPT are kept
    struct http_word name;  // of the current field, in lower case
    struct http_word value; // of the current field, if it means something
    char target[HTTP_TARGET_KEPT];
};

enum http_step {
    HTTP_MORE,     // all bytes are taken; the request is not complete
    HTTP_COMPLETE, // a request is complete; bytes behind it may be the next one
    HTTP_REFUSED,  // http->status says why; there is nothing more to be understood
};

void http_init(struct http *http);

// Takes bytes[0..length) up to the end of a request at most; *used says how many.
enum http_step http_take(struct http *http, const char *bytes, size_t length,
                         size_t *used);

// The words of RFC 9110 for a status: "Not Found".
const char *http_reason(unsigned status);

#endif
