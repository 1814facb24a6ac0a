/* SPDX-License-Identifier: MIT */
/* Which network addresses a stranger may send us to.
 *
 * A URL that a repository or a server chose must not reach this machine, its
 * private networks or a cloud's metadata service. Names are judged by what
 * they resolve to, at the moment of connecting: that also defeats names that
 * resolve differently the second time. Source: operations.md 3; the special
 * registries of IANA (RFC 6890).
 */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/* Whether `address` (AF_INET, AF_INET6) is one of the public internet; an IPv4
 * address inside an IPv6 one (mapped, NAT64) is judged as itself. Any other
 * family is not public. */
bool address_is_public(const struct sockaddr *address);

/* The same for text: "10.0.0.1", "fe80::1", "[fe80::1]". Text that is no address is
 * not public. */
bool address_text_is_public(const char *text);

/* Whether `text` is an address at all. */
bool address_is_literal(const char *text);

/* Whether `text` is an address in 127.0.0.0/8, or ::1. */
bool address_is_loopback(const char *text);

/* Whether the address `text` lies in `block`: "10.0.0.0/8", "fd00::/8", or one address. */
bool address_is_in(const char *text, const char *block);
