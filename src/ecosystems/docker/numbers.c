/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/numbers.h"

#include <glib.h>

#include <string.h>

const char *digits_end(const char *p, const char *end)
{
	while (p < end && g_ascii_isdigit(*p))
		p++;
	return p;
}

const char *numbers_end(const char *p, const char *end)
{
	const char *at = digits_end(p, end);

	while (at > p && at + 1 < end && *at == '.' && g_ascii_isdigit(at[1]))
		at = digits_end(at + 1, end);
	return at;
}

Numbers numbers_from(const char *from, const char *to)
{
	return (Numbers){ from, (size_t)(to - from) };
}

Numbers numbers_next(Numbers *rest)
{
	const char *p = rest->text, *end, *digits;

	if (rest->length == 0)
		return (Numbers){ 0 };
	end = p + rest->length;
	while (p < end && !g_ascii_isdigit(*p))
		p++;
	digits = p;
	p = digits_end(p, end);
	*rest = numbers_from(p, end);
	while (digits + 1 < p && *digits == '0')
		digits++;
	return numbers_from(digits, p);
}

int numbers_count(Numbers numbers)
{
	int count = 0;

	while (numbers_next(&numbers).length > 0)
		count++;
	return count;
}

int numbers_compare(Numbers a, Numbers b, int count)
{
	for (int i = 0; i < count; i++) {
		Numbers x = numbers_next(&a), y = numbers_next(&b);
		int order;

		if (x.length != y.length)
			return x.length < y.length ? -1 : 1;
		if (x.length == 0)
			return 0;
		order = memcmp(x.text, y.text, x.length);
		if (order != 0)
			return order;
	}
	return 0;
}
