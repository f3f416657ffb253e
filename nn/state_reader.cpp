// nn/state_reader.cpp: taking a state dict apart
#include "nn/state_reader.h"

#include "tensor/create.h"

namespace weft::nn {

Tensor number_entry(double number) { return scalar(number, {.dtype = DType::float64, .device = cpu}); }
Tensor count_entry(int64_t count) { return scalar(count, {.dtype = DType::int64, .device = cpu}); }

void add_part(std::map<std::string, Tensor>& whole, const std::string& prefix,
              const std::map<std::string, Tensor>& part) {
  for (const auto& [name, tensor] : part) whole.emplace(prefix + "." + name, tensor);
}

std::map<std::string, Tensor> part_of(const std::map<std::string, Tensor>& whole, const std::string& prefix) {
  std::map<std::string, Tensor> part;
  const std::string start = prefix + ".";
  for (const auto& [name, tensor] : whole) {
    if (name.starts_with(start)) part.emplace(name.substr(start.size()), tensor);
  }
  return part;
}

template <class Fits>
Tensor StateReader::find(const std::string& name, const Shape& shape, DType expected, const Fits& fits) {
  known_.insert(name);
  const auto found = dict_.find(name);
  if (found == dict_.end()) {
    problems_.add("missing '{}'", name);
  } else if (!found->second.defined()) {
    problems_.add("'{}' is undefined", name);
  } else if (found->second.shape() != shape || !fits(found->second.dtype())) {
    problems_.add("'{}' is {}, expected {} {}", name, shape_and_dtype(found->second), to_string(shape),
                  name_of(expected));
  } else {
    return found->second;
  }
  return {};
}

Tensor StateReader::tensor(const std::string& name, const Shape& shape, DType dtype) {
  return find(name, shape, dtype, [dtype](DType given) { return given == dtype; });
}

Tensor StateReader::copy_like(const std::string& name, const Tensor& own) {
  const DType dtype = own.dtype();
  const Tensor found = find(name, own.shape(), dtype, [dtype](DType given) { return casts_into(given, dtype); });
  return found.defined() ? found.to(own.device()).to(dtype).clone() : Tensor();
}

double StateReader::number(const std::string& name) {
  const Tensor found = tensor(name, {}, DType::float64);
  return found.defined() ? found.item<double>() : 0;
}

int64_t StateReader::count(const std::string& name) {
  const Tensor found = tensor(name, {}, DType::int64);
  const int64_t count = found.defined() ? found.item<int64_t>() : 0;
  if (count < 0) problems_.add("'{}' is {}, counts are at least 0", name, count);
  return count;
}

void StateReader::check_all_known() {
  for (const auto& [name, tensor] : dict_) {
    if (!known_.contains(name)) problems_.add("unexpected '{}'", name);
  }
}

}  // namespace weft::nn
