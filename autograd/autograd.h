// autograd/autograd.h: everything a model needs from the tape, in one include
#pragma once
#include "autograd/conv.h"
#include "autograd/elementwise.h"
#include "autograd/gradcheck.h"
#include "autograd/indexing.h"
#include "autograd/matmul.h"
#include "autograd/node.h"
#include "autograd/pool.h"
#include "autograd/reduce.h"
#include "autograd/softmax.h"
#include "autograd/tape.h"
#include "autograd/variable.h"
#include "autograd/view.h"
