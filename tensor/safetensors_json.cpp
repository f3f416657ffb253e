// tensor/safetensors_json.cpp: the header's JSON, read event by event and written
//
// An event-by-event reader sees every key, also a repeated one, and stops at the first broken rule: a header cannot
// make it keep more than the limits allow. Objects go two levels deep and arrays one, so depth needs no limit of its
// own.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "tensor/safetensors_header.h"

namespace weft {

namespace {

constexpr std::string_view kMetadata = "__metadata__";

/// nlohmann calls one member function an event; false would stop it, but every mistake throws.
class HeaderEvents {
 public:
  HeaderEvents(std::string_view file, const SafetensorsLimits& limits) : file_(file), limits_(limits) {}

  bool null() { misplaced("null"); }
  bool boolean(bool) { misplaced("a boolean"); }
  bool number_integer(int64_t value) { misplaced(value == 0 ? "-0" : fmt::format("{}", value)); }
  bool number_unsigned(uint64_t value);
  bool number_float(double, const std::string& text) { misplaced(shown(text)); }
  bool string(std::string& value);
  bool binary(std::vector<uint8_t>&) { misplaced("binary data"); }
  bool start_object(size_t);
  bool key(std::string& name);
  bool end_object();
  bool start_array(size_t);
  bool end_array();
  bool parse_error(size_t position, const std::string& token, const nlohmann::detail::exception& error);

  SafetensorsHeader take() { return std::move(header_); }

 private:
  enum class Place { outside, top, metadata, tensor, shape, offsets };

  [[noreturn]] void misplaced(std::string_view found) const;
  void start_top_key(const std::string& name);
  void start_tensor_key(const std::string& name);
  void count_metadata(const std::string& text);
  SafetensorsEntry& entry() { return header_.entries.back(); }

  std::string_view file_;
  const SafetensorsLimits& limits_;
  SafetensorsHeader header_;
  Place place_ = Place::outside;
  std::unordered_set<std::string> names_;   // of tensors, and __metadata__
  std::string name_, field_;                // the innermost keys: of the top object, and below it
  std::unordered_set<std::string> fields_;  // keys seen in the tensor at hand
  int64_t offsets_ = 0;                     // numbers seen in data_offsets
  int64_t metadata_bytes_ = 0;
};

// Says what stands where something else belongs.
void HeaderEvents::misplaced(std::string_view found) const {
  switch (place_) {
    case Place::outside: refuse_load(file_, "the header is {}, not an object", found);
    case Place::top:
      if (name_ == kMetadata) refuse_load(file_, "__metadata__ is {}, not an object", found);
      refuse_load(file_, "tensor '{}' is {}, not an object", shown(name_), found);
    case Place::metadata: refuse_load(file_, "__metadata__: '{}' is {}, not a string", shown(field_), found);
    case Place::tensor:
      refuse_load(file_, "tensor '{}': {} is {}, not {}", shown(name_), field_, found,
                  field_ == "dtype" ? "a string" : "an array");
    case Place::shape:
    case Place::offsets: break;
  }
  refuse_load(file_, "tensor '{}': {} holds {}, not a plain whole number up to 2^63 - 1", shown(name_), field_, found);
}

bool HeaderEvents::number_unsigned(uint64_t value) {
  const bool in_array = place_ == Place::shape || place_ == Place::offsets;
  if (!in_array || value > static_cast<uint64_t>(INT64_MAX)) misplaced(fmt::format("{}", value));
  const auto number = static_cast<int64_t>(value);
  if (place_ == Place::offsets) {
    if (++offsets_ > 2) refuse_load(file_, "tensor '{}': data_offsets holds more than 2 numbers", shown(name_));
    (offsets_ == 1 ? entry().begin : entry().end) = number;
  } else {
    if (entry().shape.size() == Dims::kMaxRank)
      refuse_load(file_, "tensor '{}': shape has more than {} axes", shown(name_), Dims::kMaxRank);
    entry().shape.push_back(number);
  }
  return true;
}

bool HeaderEvents::string(std::string& value) {
  if (place_ == Place::metadata) {
    count_metadata(value);
    header_.metadata[field_] = value;
  } else if (place_ == Place::tensor && field_ == "dtype") {
    entry().dtype = dtype_of_safetensors_type(file_, shown(name_), value);
  } else {
    misplaced("a string");
  }
  return true;
}

bool HeaderEvents::start_object(size_t) {
  if (place_ == Place::outside) {
    place_ = Place::top;
  } else if (place_ != Place::top) {
    misplaced("an object");
  } else if (name_ == kMetadata) {
    place_ = Place::metadata;
  } else {
    place_ = Place::tensor;
    fields_.clear();
    if (static_cast<int64_t>(header_.entries.size()) == limits_.tensors)
      refuse_load(file_, "the header names more than {} tensors", limits_.tensors);
    header_.entries.push_back({.name = name_});
  }
  return true;
}

bool HeaderEvents::key(std::string& name) {
  if (place_ == Place::top) {
    start_top_key(name);
  } else if (place_ == Place::tensor) {
    start_tensor_key(name);
  } else {
    count_metadata(name);
    if (header_.metadata.contains(name)) refuse_load(file_, "__metadata__: the key '{}' stands twice", shown(name));
    field_ = name;
  }
  return true;
}

void HeaderEvents::start_top_key(const std::string& name) {
  if (name.empty()) refuse_load(file_, "a tensor has an empty name");
  if (static_cast<int64_t>(name.size()) > limits_.name_bytes)
    refuse_load(file_, "the name '{}' has {} bytes; at most {} are allowed", shown(name), name.size(),
                limits_.name_bytes);
  for (const unsigned char c : name)
    if (c < 0x20 || c == 0x7F) refuse_load(file_, "the name '{}' holds control character {}", shown(name), int{c});
  if (!names_.insert(name).second) refuse_load(file_, "the key '{}' stands twice", shown(name));
  name_ = name;
}

void HeaderEvents::start_tensor_key(const std::string& name) {
  if (name != "dtype" && name != "shape" && name != "data_offsets")
    refuse_load(file_, "tensor '{}' has the key '{}'; allowed are dtype, shape and data_offsets", shown(name_),
                shown(name));
  if (!fields_.insert(name).second) refuse_load(file_, "tensor '{}': the key {} stands twice", shown(name_), name);
  field_ = name;
}

void HeaderEvents::count_metadata(const std::string& text) {
  metadata_bytes_ += static_cast<int64_t>(text.size());
  if (metadata_bytes_ > limits_.metadata_bytes)
    refuse_load(file_, "__metadata__ holds more than {} bytes", limits_.metadata_bytes);
}

bool HeaderEvents::end_object() {
  if (place_ == Place::tensor)
    for (const char* field : {"dtype", "shape", "data_offsets"})
      if (!fields_.contains(field)) refuse_load(file_, "tensor '{}' has no {}", shown(name_), field);
  place_ = place_ == Place::top ? Place::outside : Place::top;
  return true;
}

bool HeaderEvents::start_array(size_t) {
  if (place_ != Place::tensor || field_ == "dtype") misplaced("an array");
  place_ = field_ == "shape" ? Place::shape : Place::offsets;
  offsets_ = 0;
  return true;
}

bool HeaderEvents::end_array() {
  if (place_ == Place::offsets && offsets_ != 2)
    refuse_load(file_, "tensor '{}': data_offsets holds {} numbers, not 2", shown(name_), offsets_);
  place_ = Place::tensor;
  return true;
}

bool HeaderEvents::parse_error(size_t position, const std::string& token, const nlohmann::detail::exception& error) {
  constexpr int kNumberOverflow = 406;
  if (error.id == kNumberOverflow) misplaced(shown(token));
  const bool text_is_broken = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
  refuse_load(file_, "the header is not valid {} at byte {}", text_is_broken ? "UTF-8" : "JSON", position);
}

std::string quoted(std::string_view file, const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::type_error&) {
    refuse_save(file, "'{}' is not valid UTF-8", shown(text));
  }
}

}  // namespace

SafetensorsHeader parse_header_json(std::string_view file, std::string_view json, const SafetensorsLimits& limits) {
  HeaderEvents events(file, limits);
  nlohmann::json::sax_parse(json.begin(), json.end(), &events);
  return events.take();
}

std::string format_safetensors_header(std::string_view file, const SafetensorsHeader& header) {
  std::string json = "{";
  auto separate = [&json, first = true]() mutable { json += std::exchange(first, false) ? "" : ","; };
  if (!header.metadata.empty()) {
    separate();
    json += fmt::format("\"{}\":{{", kMetadata);
    const char* comma = "";
    for (const auto& [key, value] : header.metadata)
      json += fmt::format("{}{}:{}", std::exchange(comma, ","), quoted(file, key), quoted(file, value));
    json += "}";
  }
  for (const SafetensorsEntry& entry : header.entries) {
    separate();
    json += fmt::format(R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", quoted(file, entry.name),
                        safetensors_type(entry.dtype), fmt::join(entry.shape.begin(), entry.shape.end(), ","),
                        entry.begin, entry.end);
  }
  json += "}";
  json.resize((json.size() + 7) / 8 * 8, ' ');
  return json;
}

}  // namespace weft
