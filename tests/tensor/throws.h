// tests/tensor/throws.h: an error has to say what is wrong, so tests read the message
#pragma once
#include <doctest/doctest.h>

#include <string>

#include "tensor/error.h"

/// Message of the weft::Error that f throws; empty when it throws none.
template <class F>
std::string error_of(F&& f) {
  try {
    f();
  } catch (const weft::Error& error) {
    return error.what();
  }
  return {};
}

/// `expression` throws weft::Error whose message contains `words`.
#define CHECK_FAILS(expression, words) CHECK(error_of([&] { (void)(expression); }).find(words) != std::string::npos)
