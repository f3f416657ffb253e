// hyper/demos/harness/chart_js.h: the script that draws curves in a report
#pragma once
#include <string_view>

namespace weft::demo {

/// Chart.js (https://www.chartjs.org, MIT licence), whole: the build takes it from the system's package.
std::string_view chart_js();

}  // namespace weft::demo
