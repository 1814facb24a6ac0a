/* SPDX-License-Identifier: MIT */
#include "net/address.h"

#include <glib.h>

#include <sys/un.h>

static const struct {
	const char *text;
	bool is_public;
} addresses[] = {
	{ "8.8.8.8", true },
	{ "1.1.1.1", true },
	{ "11.0.0.0", true },
	{ "172.15.255.255", true },
	{ "172.32.0.0", true },
	{ "100.63.255.255", true },
	{ "100.128.0.0", true },
	{ "223.255.255.255", true },
	{ "0.0.0.0", false },
	{ "10.1.2.3", false },
	{ "100.64.0.1", false },
	{ "127.0.0.1", false },
	{ "127.255.255.254", false },
	{ "169.254.169.254", false },
	{ "172.16.0.1", false },
	{ "172.31.255.255", false },
	{ "192.0.0.1", false },
	{ "192.168.1.1", false },
	{ "198.18.0.1", false },
	{ "198.19.255.255", false },
	{ "224.0.0.1", false },
	{ "255.255.255.255", false },
	{ "2606:4700::1111", true },
	{ "[2606:4700::1111]", true },
	{ "::", false },
	{ "::1", false },
	{ "::8.8.8.8", false },
	{ "::ffff:8.8.8.8", true },
	{ "::ffff:10.0.0.1", false },
	{ "64:ff9b::8.8.8.8", true },
	{ "64:ff9b::7f00:1", false },
	{ "64:ff9b:1::1", false },
	{ "fc00::1", false },
	{ "fd12::1", false },
	{ "fe80::1", false },
	{ "fec0::1", false },
	{ "ff02::1", false },
	{ "2001::1", false },
	{ "2001:db8::1", false },
	{ "2002:7f00:1::", false },
	{ "3fff::1", false },
	{ "4000::1", false },
	{ "example.org", false },
	{ "", false },
	{ "[]", false },
	{ "127.1", false },
};

static void the_public_internet_is_told(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_test_message("'%s'", addresses[i].text);
		g_assert_true(address_text_is_public(addresses[i].text) == addresses[i].is_public);
	}
}

static void other_families_are_not_public(void)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };

	g_assert_false(address_is_public((const struct sockaddr *)&local));
}

static void blocks_take_in_their_addresses(void)
{
	static const struct {
		const char *text, *block;
		bool is_in;
	} rows[] = {
		{ "10.1.2.3", "10.0.0.0/8", true },
		{ "11.1.2.3", "10.0.0.0/8", false },
		{ "10.1.2.3", "10.1.2.3", true },
		{ "10.1.2.4", "10.1.2.3", false },
		{ "10.1.2.3", "0.0.0.0/0", true },
		{ "192.168.5.1", "192.168.4.0/23", true },
		{ "[fd00::1]", "fd00::/8", true },
		{ "10.1.2.3", "fd00::/8", false },
		{ "10.1.2.3", "10.0.0.0/33", false },
		{ "10.1.2.3", "10.0.0.0/x", false },
		{ "10.1.2.3", "", false },
		{ "name", "10.0.0.0/8", false },
		{ "::1", "::1", true },
		{ "10.1.2.3", "10.0.0.0/-1", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s in '%s'", rows[i].text, rows[i].block);
		g_assert_true(address_is_in(rows[i].text, rows[i].block) == rows[i].is_in);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/address/the_public_internet_is_told", the_public_internet_is_told);
	g_test_add_func("/address/other_families_are_not_public", other_families_are_not_public);
	g_test_add_func("/address/blocks_take_in_their_addresses", blocks_take_in_their_addresses);
	return g_test_run();
}
