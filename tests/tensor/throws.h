// tests/tensor/throws.h: an error has to say what is wrong, so tests read the message
#pragma once
#include <doctest/doctest.h>

#include "tests/fixtures/error_of.h"

using weft::test::error_of;

/// `expression` throws weft::Error whose message contains `words`.
#define CHECK_FAILS(expression, words) CHECK(error_of([&] { (void)(expression); }).find(words) != std::string::npos)
