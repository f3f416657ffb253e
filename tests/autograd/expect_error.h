// tests/autograd/expect_error.h: an error is tested by its words
#pragma once
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "tensor/error.h"

/// `call` throws weft::Error, and the message holds every one of `words`.
template <class F>
void expect_error(F&& call, std::initializer_list<std::string_view> words) {
  std::string message;
  try {
    call();
  } catch (const weft::Error& error) {
    message = error.what();
  }
  CAPTURE(message);
  REQUIRE(!message.empty());
  for (const std::string_view word : words) {
    CAPTURE(word);
    CHECK(message.find(word) != std::string::npos);
  }
}
