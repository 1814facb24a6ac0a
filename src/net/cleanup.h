/* SPDX-License-Identifier: MIT */
/* Cleanup functions of libcurl's handles. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

/* Memory that libcurl allocated. */
typedef char CurlText;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, curl_url_cleanup)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CurlText, curl_free)
