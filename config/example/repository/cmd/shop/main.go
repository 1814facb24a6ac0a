// Command shop takes orders; a small program with a few dependencies.
package main

import (
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

var version = "dev"

type order struct {
	Number string `yaml:"number"`
	Item   string `yaml:"item"`
}

func main() {
	root := &cobra.Command{Use: "shop", Version: version}
	root.AddCommand(&cobra.Command{
		Use:  "order ITEM",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := yaml.Marshal(order{Number: uuid.NewString(), Item: args[0]})
			if err != nil {
				return err
			}
			fmt.Print(string(text))
			return nil
		},
	})
	if root.Execute() != nil {
		os.Exit(1)
	}
}
