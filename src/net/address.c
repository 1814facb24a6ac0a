/* SPDX-License-Identifier: MIT */
#include "net/address.h"

#include <glib.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/* An address of either family: the bytes as they go over the wire. */
typedef struct {
	uint8_t bytes[16];
	size_t length; /* 4 or 16; 0: none */
} Address;

typedef struct {
	Address network;
	unsigned bits;
} Block;

#define V4(a, b, c, d, n)                \
	{                                \
		{ { a, b, c, d }, 4 }, n \
	}

/* IPv4 that is not the public internet. */
static const Block closed_v4[] = {
	V4(0, 0, 0, 0, 8),      /* this network */
	V4(10, 0, 0, 0, 8),     /* private */
	V4(100, 64, 0, 0, 10),  /* carrier-grade NAT */
	V4(127, 0, 0, 0, 8),    /* loopback */
	V4(169, 254, 0, 0, 16), /* link-local, metadata services */
	V4(172, 16, 0, 0, 12),  /* private */
	V4(192, 0, 0, 0, 24),   /* protocol assignments */
	V4(192, 0, 2, 0, 24),   /* documentation */
	V4(192, 88, 99, 0, 24), /* 6to4 relays */
	V4(192, 168, 0, 0, 16), /* private */
	V4(198, 18, 0, 0, 15),  /* benchmarks */
	V4(198, 51, 100, 0, 24), V4(203, 0, 113, 0, 24),
	V4(224, 0, 0, 0, 3), /* multicast, reserved, broadcast */
};

/* IPv6: open is 2000::/3 alone, without these. */
static const Block open_v6 = { { { 0x20 }, 16 }, 3 };
static const Block closed_v6[] = {
	{ { { 0x20, 0x01 }, 16 }, 23 },             /* protocols, Teredo */
	{ { { 0x20, 0x01, 0x0d, 0xb8 }, 16 }, 32 }, /* documentation */
	{ { { 0x20, 0x02 }, 16 }, 16 },             /* 6to4 */
	{ { { 0x3f, 0xff }, 16 }, 20 },             /* documentation */
};

/* Prefixes whose last four bytes are an IPv4 address. */
static const Block mapped = { { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 16 }, 96 };
static const Block nat64 = { { { 0x00, 0x64, 0xff, 0x9b }, 16 }, 96 };

static bool is_in(const Address *address, const Block *block)
{
	size_t whole = block->bits / 8;
	unsigned rest = block->bits % 8;
	unsigned mask = (0xff00U >> rest) & 0xffU;

	if (address->length != block->network.length ||
	    memcmp(address->bytes, block->network.bytes, whole) != 0)
		return false;
	return rest == 0 || (address->bytes[whole] & mask) == (block->network.bytes[whole] & mask);
}

static bool is_in_any(const Address *address, const Block *blocks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_in(address, &blocks[i]))
			return true;
	return false;
}

static bool is_public(const Address *address)
{
	if (address->length == 4)
		return !is_in_any(address, closed_v4, G_N_ELEMENTS(closed_v4));
	if (is_in(address, &mapped) || is_in(address, &nat64)) {
		Address inner = { .length = 4 };

		memcpy(inner.bytes, address->bytes + 12, 4);
		return is_public(&inner);
	}
	return is_in(address, &open_v6) && !is_in_any(address, closed_v6, G_N_ELEMENTS(closed_v6));
}

static Address parse(const char *text)
{
	size_t length = strlen(text);
	char inner[INET6_ADDRSTRLEN];
	Address address = { .length = 0 };

	if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (length >= sizeof(inner))
		return address;
	memcpy(inner, text, length);
	inner[length] = '\0';
	if (inet_pton(AF_INET, inner, address.bytes) == 1)
		address.length = 4;
	else if (inet_pton(AF_INET6, inner, address.bytes) == 1)
		address.length = 16;
	return address;
}

bool address_is_public(const struct sockaddr *socket_address)
{
	Address address = { .length = 0 };

	if (socket_address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)socket_address;

		address.length = sizeof(in->sin_addr);
		memcpy(address.bytes, &in->sin_addr, address.length);
	} else if (socket_address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)socket_address;

		address.length = sizeof(in6->sin6_addr);
		memcpy(address.bytes, &in6->sin6_addr, address.length);
	}
	return address.length != 0 && is_public(&address);
}

bool address_text_is_public(const char *text)
{
	Address address = parse(text);

	return address.length != 0 && is_public(&address);
}

bool address_is_literal(const char *text)
{
	return parse(text).length != 0;
}

bool address_is_loopback(const char *text)
{
	return address_is_in(text, "127.0.0.0/8") || address_is_in(text, "::1");
}

bool address_is_in(const char *text, const char *block_text)
{
	g_auto(GStrv) halves = g_strsplit(block_text, "/", 2);
	Address address = parse(text);
	guint64 bits;
	Block block;

	if (halves[0] == NULL || address.length == 0)
		return false;
	block.network = parse(halves[0]);
	bits = block.network.length * 8;
	if (halves[1] != NULL && !g_ascii_string_to_unsigned(halves[1], 10, 0, bits, &bits, NULL))
		return false;
	block.bits = (unsigned)bits;
	return is_in(&address, &block);
}
