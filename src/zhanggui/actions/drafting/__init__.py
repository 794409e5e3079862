"""An endpoint that may draft messages: off until somebody says otherwise, told masked words and facts alone, its text judged like everybody's."""
